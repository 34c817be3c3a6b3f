import { median } from '../median.js'
import type { Bench, BenchResult } from './bench.js'
import { drainOnce, insertOnce, type Round } from './ingest/drain.js'
import { measureOutage } from './ingest/outage.js'
import { startPipelineStack, type PipelineStack } from './ingest/pipeline-stack.js'
import { plainBlockRows, readPlainBlocks, type PlainBlock } from './ingest/plain-inserts.js'
import { describeUse, sumOfUse, type ProcessorUse } from './ingest/processor-use.js'

/** The plain way holds its events in memory, so it is measured by so many of them at the most. */
const plainEventsMax = 1_000_000
/** More events than that are drained once: they are for the memory. */
const rounds = 3
/** Three times what an event takes in the queue: a queue that is half full lets go of what is stored, and would not be whole. */
const queueBytesPerEvent = 2_400
/** Minutes are closed as they are under load, and none lies in the future. */
const simRate = 5_000
const memoryBarMiB = 300

/**
 * The ingester draining a stream into empty tables, and, taking turns with it, the same events inserted straight into
 * the same tables and views. Every round has a ClickHouse of its own, because tables that were filled before merge.
 */
export const ingestBench: Bench = {
  name: 'ingest',
  summary: 'events a second that the ingester stores from a full queue, beside inserting them straight',
  run: async (report, { events, outage }) => {
    if (outage > 0) return await measureOutage(outage, report)
    const stack = await startPipelineStack(events * queueBytesPerEvent)
    try {
      return await measure(stack, events, report)
    } finally {
      await stack.close()
    }
  },
}

async function measure(
  stack: PipelineStack,
  events: number,
  report: (line: string) => void,
): Promise<BenchResult[]> {
  report(`publishing ${events} events…`)
  await publish(stack, events)
  const blocks = await readPlainBlocks(stack.nats, plainEventsMax)
  const times = events > plainEventsMax ? 1 : rounds
  const drained: Round[] = []
  const plain: Round[] = []
  for (let round = 0; round < times; round += 1) {
    const turns = [() => drain(stack, events, drained, report), () => insert(stack, blocks, plain, report)]
    // Who comes first takes turns too: the machine is not the same at the end of a run as at its beginning.
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
  }
  return [rateOf(events, drained, plain), ...memoryOf(events, drained)]
}

async function publish(stack: PipelineStack, events: number): Promise<void> {
  const startMs = Date.now() - (events / simRate) * 1_000 - 60_000
  const time = ['--start', new Date(startMs).toISOString(), '--rate', 0, '--sim-rate', simRate, '--steady']
  const generator = stack.startGenerator([...time, '--count', events, '--seed', 1])
  const code = await generator.ended
  if (code !== 0) throw new Error(`The generator ended with code ${code}: ${generator.said()}`)
}

async function drain(
  stack: PipelineStack,
  events: number,
  into: Round[],
  report: (line: string) => void,
): Promise<void> {
  const round = await drainOnce(stack, events)
  into.push(round)
  report(
    `the ingester stored ${Math.round(round.eventsPerS)} events/s, at most ${round.peakMiB?.toFixed(0)} MiB; ${describe(round)}`,
  )
}

async function insert(
  stack: PipelineStack,
  blocks: readonly PlainBlock[],
  into: Round[],
  report: (line: string) => void,
): Promise<void> {
  const round = await insertOnce(stack, blocks)
  into.push(round)
  report(`straight inserts stored ${Math.round(round.eventsPerS)} events/s; ${describe(round)}`)
}

function describe({ rowsPerInsert, usePerMillion }: Round): string {
  return `${Math.round(rowsPerInsert)} rows an insert; processor seconds a million events: ${describeUse(usePerMillion, 1)}`
}

function rateOf(events: number, drained: readonly Round[], plain: readonly Round[]): BenchResult {
  const value = median(drained.map(({ eventsPerS }) => eventsPerS))
  const baseline = median(plain.map(({ eventsPerS }) => eventsPerS))
  const use = { drained: medianUse(drained), plain: medianUse(plain) }
  return {
    name: 'ingest',
    value: Math.round(value),
    unit: 'events/s',
    baseline: Math.round(baseline),
    ratio: Number((value / baseline).toFixed(2)),
    bar: Math.round(baseline),
    pass: value >= baseline,
    note:
      `medians of ${drained.length} each, taking turns, each in a new ClickHouse; ${events} events from the queue in batches of ` +
      `${Math.round(median(drained.map(({ rowsPerInsert }) => rowsPerInsert)))}, with all guarantees, derived fields and ` +
      `pseudonyms; beside JSONEachRow in blocks of ${plainBlockRows}, which has none of them; processor seconds a million events: ` +
      `${describeUse(use.drained, 1)}; straight: ${describeUse(use.plain, 1)} (× ${(sumOfUse(use.plain) / sumOfUse(use.drained)).toFixed(2)})`,
  }
}

function medianUse(all: readonly Round[]): ProcessorUse {
  const names = Object.keys(all[0]?.usePerMillion ?? {})
  return Object.fromEntries(
    names.map((name) => [name, median(all.map(({ usePerMillion }) => usePerMillion[name] ?? Number.NaN))]),
  )
}

function memoryOf(events: number, drained: readonly Round[]): BenchResult[] {
  const known = drained.flatMap(({ peakMiB }) => (peakMiB === undefined ? [] : [peakMiB]))
  if (known.length === 0) return []
  const peak = Math.max(...known)
  return [
    {
      name: 'ingest: memory',
      value: Math.round(peak),
      unit: 'MiB',
      baseline: memoryBarMiB,
      ratio: Number((peak / memoryBarMiB).toFixed(2)),
      bar: memoryBarMiB,
      pass: peak <= memoryBarMiB,
      note: `the ingester's peak of resident memory while it drained ${events} events, the worst of ${known.length}`,
    },
  ]
}
