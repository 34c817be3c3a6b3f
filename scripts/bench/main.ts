import { resolve } from 'node:path'
import { flag, integer, option, readOptions, runCommand, UsageError } from '@pulsehouse/platform'
import { z } from 'zod'
import type { Bench, BenchResult } from './bench.js'
import { dashboardsBench } from './dashboards.js'
import { detectionBench } from './detection.js'
import { embeddedBench } from './embedded.js'
import { freshnessBench } from './freshness.js'
import { generatorBench } from './generator.js'
import { ingestBench } from './ingest.js'
import { percentilesBench } from './percentiles.js'
import { pipelineBench } from './pipeline.js'
import { queryBench } from './query.js'
import { scoringBench } from './scoring.js'
import { storageBench } from './storage.js'
import { tailBench } from './tail.js'

const benches: readonly Bench[] = [
  dashboardsBench,
  detectionBench,
  embeddedBench,
  freshnessBench,
  generatorBench,
  ingestBench,
  percentilesBench,
  pipelineBench,
  queryBench,
  scoringBench,
  storageBench,
  tailBench,
]

const command = {
  usage: 'npm run bench -- NAME… [options]',
  summary: `Measures, each beside its baseline in the same run:\n${benches.map(({ name, summary }) => `  ${name}: ${summary}`).join('\n')}`,
  positionals: true,
  options: {
    json: flag({ flag: 'json', help: 'Print one JSON object, or an array where there are several' }),
    scenarios: option({
      flag: 'scenarios',
      value: 'N',
      help: 'detection: how many scenarios, from the first (default: all)',
      schema: integer(1, 20, 20),
    }),
    dev: flag({ flag: 'dev', help: 'detection: the scenarios that rules and thresholds are chosen by' }),
    events: option({
      flag: 'events',
      value: 'N',
      help: 'ingest: how many events are drained (default 1000000); 10000000 is for the memory, and takes 9 GB of disk',
      schema: integer(100_000, 20_000_000, 1_000_000),
    }),
    outage: option({
      flag: 'outage',
      value: 'SECONDS',
      help: 'ingest: instead of draining, the memory while ClickHouse stands still for so long under traffic',
      schema: integer(0, 3_600, 0),
    }),
    rate: option({
      flag: 'rate',
      value: 'N',
      help: 'pipeline: what the generator is asked for, events a second (default 82000)',
      schema: integer(1_000, 1_000_000, 82_000),
    }),
    keep: option({
      flag: 'keep',
      value: 'DIR',
      help: 'detection: keep the stored scenarios in this folder, so that the next run skips storing them; empty it when the generator changes',
      schema: z
        .string()
        .min(1)
        .transform((path) => resolve(path))
        .optional(),
    }),
  },
}

async function main(): Promise<number> {
  const { values, positionals } = readOptions(command, process.argv.slice(2), process.env)
  const names = benches.map(({ name }) => name)
  const unknown = positionals.find((name) => !names.includes(name))
  if (unknown !== undefined || positionals.length === 0) {
    throw new UsageError(
      `Name a benchmark: ${names.join(', ')}${unknown === undefined ? '' : ` (there is no ${unknown})`}.`,
    )
  }
  const results: BenchResult[] = []
  for (const bench of benches.filter(({ name }) => positionals.includes(name))) {
    results.push(...(await bench.run((line) => process.stderr.write(`${bench.name}: ${line}\n`), values)))
  }
  const output = values.json
    ? JSON.stringify(results.length === 1 ? results[0] : results)
    : results.map(describe).join('\n')
  process.stdout.write(`${output}\n`)
  return results.every(({ pass }) => pass) ? 0 : 1
}

const integers = new Intl.NumberFormat('en')

function describe({ name, value, unit, baseline, ratio, bar, pass, note }: BenchResult): string {
  const figures = `${integers.format(value)} ${unit}, baseline ${integers.format(baseline)} (× ${ratio}), bar ${integers.format(bar)}`
  return `${pass ? 'pass' : 'FAIL'} ${name}: ${figures}${note === undefined ? '' : `\n     ${note}`}`
}

await runCommand(main)
