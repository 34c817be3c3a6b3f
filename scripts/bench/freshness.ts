import { median } from '../median.js'
import type { Bench, BenchResult } from './bench.js'
import { sendProbes, type ProbeTimes } from './freshness/probes.js'
import { startPipelineStack, type PipelineStack, type Store } from './ingest/pipeline-stack.js'
import { openPlainInserter, readPlainBlocks } from './ingest/plain-inserts.js'
import { describeUse, startProcessorUse } from './ingest/processor-use.js'
import { untilStored } from './ingest/stored-events.js'

const eventsPerS = 5_000
/** Traffic before the first probe: the code is compiled, and batches come as they will. */
const warmUpEvents = 30_000
const probes = 400
const barMs = { median: 300, p99: 1_000 }
/** What arrives in a quarter of a second, the time for which a batch waits. */
const plainRows = 1_250
const plainTimes = 40
const queueBytes = 2 * 1024 ** 3

/**
 * How old an event is when a SELECT first returns it, under traffic: probes with known request ids are published one by
 * one beside the generator's, and asked for all the time. The baseline is the floor: a plain client inserts a quarter
 * of a second's events, with no other traffic, and waits for the answer; it did not wait for the events to come.
 */
export const freshnessBench: Bench = {
  name: 'freshness',
  summary: `milliseconds from publishing an event to reading it, at ${eventsPerS} events/s, beside one straight insert`,
  run: async (report) => {
    const stack = await startPipelineStack(queueBytes)
    try {
      const store = await stack.startStore()
      try {
        return await measure(stack, store, report)
      } finally {
        await store.close()
      }
    } finally {
      await stack.close()
    }
  },
}

async function measure(
  stack: PipelineStack,
  store: Store,
  report: (line: string) => void,
): Promise<BenchResult[]> {
  const ingester = await stack.startIngester(store)
  const generator = stack.startGenerator(['--rate', eventsPerS, '--steady', '--seed', 1])
  await untilStored(store.clickhouse, ingester, warmUpEvents)
  report(`${probes} probes beside ${eventsPerS} events/s…`)
  const use = startProcessorUse({
    generator: generator.pid,
    'nats-server': stack.natsPid,
    ingester: ingester.pid,
    ClickHouse: store.pid,
    'this benchmark': process.pid,
  })
  const startMs = performance.now()
  const times = await sendProbes(stack.nats, store.clickhouse, probes)
  const cores = describeUse(use(), (performance.now() - startMs) / 1_000)
  await generator.stop()
  await ingester.stop()
  report(`${plainTimes} straight inserts of ${plainRows} events…`)
  return resultsOf(times, await timePlainInserts(stack, store), cores)
}

async function timePlainInserts(stack: PipelineStack, store: Store): Promise<number[]> {
  const blocks = await readPlainBlocks(stack.nats, plainRows * plainTimes, plainRows)
  const inserter = await openPlainInserter(store)
  const ms: number[] = []
  for (const block of blocks) {
    const startMs = performance.now()
    await inserter.insert(block)
    ms.push(performance.now() - startMs)
  }
  inserter.close()
  return ms
}

function resultsOf(times: ProbeTimes, plainMs: readonly number[], cores: string): BenchResult[] {
  const { readable, acknowledged, asked } = times
  const note =
    `${readable.length} probes, from before they are published to the end of the first answer that has them; acknowledged after ` +
    `${median(acknowledged).toFixed(0)} ms (p99 ${percentile(acknowledged, 0.99).toFixed(0)}); a question takes ${median(asked).toFixed(0)} ms; ` +
    `the worst probe ${Math.max(...readable).toFixed(0)} ms; cores in use: ${cores}`
  return [
    resultOf('freshness, median', median(readable), median(plainMs), barMs.median, note),
    resultOf('freshness, p99', percentile(readable, 0.99), percentile(plainMs, 0.99), barMs.p99),
  ]
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN
}

function resultOf(name: string, value: number, baseline: number, bar: number, note?: string): BenchResult {
  return {
    name,
    value: Math.round(value),
    unit: 'ms',
    baseline: Math.round(baseline),
    ratio: Number((value / baseline).toFixed(2)),
    bar,
    pass: value <= bar,
    ...(note === undefined ? {} : { note }),
  }
}
