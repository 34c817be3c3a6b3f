import { setTimeout as delay } from 'node:timers/promises'
import { readIngestLag, type IngestLag } from '@pulsehouse/platform'
import type { Bench, BenchResult } from './bench.js'
import {
  startPipelineStack,
  type PipelineStack,
  type StackProcess,
  type Store,
} from './ingest/pipeline-stack.js'
import { describeUse, startProcessorUse, sumOfUse, type ProcessorUse } from './ingest/processor-use.js'
import { countStored, untilStored } from './ingest/stored-events.js'
import { measurePlainPipeline, type PlainPipeline } from './pipeline/plain-pipeline.js'

const barEventsPerS = 80_000
const warmUpS = 10
const windowS = 60
const reportEveryS = 10
/** The queue as `npm start` has it: where it is full, the generator waits. */
const queueBytes = 2 * 1024 ** 3
/** The oldest chunk may wait so much longer at the end than at the beginning, seconds: some batches, and no backlog. */
const lagGrowthMaxS = 1

/**
 * Generator, queue, ingester and ClickHouse, all of them on this machine, at a rate that the generator is asked for.
 * The value is what became readable a second. The baseline is what one would do without us on the same machine: the
 * same generator, printing into straight inserts, without a queue between them.
 */
export const pipelineBench: Bench = {
  name: 'pipeline',
  summary: 'events a second from generator to ClickHouse, sustained for a minute, beside straight inserts',
  run: async (report, { rate }) => {
    const stack = await startPipelineStack(queueBytes)
    try {
      const sustained = await withStore(stack, (store) => sustain(stack, store, rate, report))
      report('the generator prints into straight inserts…')
      const plain = await withStore(stack, measurePlainPipeline)
      return [resultOf(rate, sustained, plain)]
    } finally {
      await stack.close()
    }
  },
}

async function withStore<T>(stack: PipelineStack, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await stack.startStore()
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** What was seen between two moments. */
interface Sustained {
  storedPerS: number
  publishedPerS: number
  lag: { start: IngestLag; end: IngestLag }
  /** Processor seconds a second, by process. */
  cores: ProcessorUse
  /** How often the generator said that it could not keep up. */
  standstills: number
}

/** What is known at a moment. */
interface Reading {
  atMs: number
  stored: number
  lag: IngestLag
}

async function sustain(
  stack: PipelineStack,
  store: Store,
  rate: number,
  report: (line: string) => void,
): Promise<Sustained> {
  const ingester = await stack.startIngester(store)
  const generator = stack.startGenerator(['--rate', rate, '--steady', '--seed', 1])
  await untilStored(store.clickhouse, ingester, 1)
  report(`${rate} events/s are asked for; warming up for ${warmUpS} s…`)
  await delay(warmUpS * 1_000)
  const start = await read(stack, store)
  const use = startProcessorUse({
    generator: generator.pid,
    'nats-server': stack.natsPid,
    ingester: ingester.pid,
    ClickHouse: store.pid,
    'this benchmark': process.pid,
  })
  const end = await watch(stack, store, start, report)
  const seconds = (end.atMs - start.atMs) / 1_000
  const used = Object.entries(use()).map(([name, s]) => [name, s / seconds] as const)
  const eventsPerChunk = await meanEventsPerChunk(store)
  await endBoth(generator, ingester)
  return {
    storedPerS: (end.stored - start.stored) / seconds,
    publishedPerS: ((end.lag.lastSeq - start.lag.lastSeq) * eventsPerChunk) / seconds,
    lag: { start: start.lag, end: end.lag },
    cores: Object.fromEntries(used),
    standstills: generator.said().split('"standstillMs"').length - 1,
  }
}

async function read({ nats }: PipelineStack, { clickhouse }: Store): Promise<Reading> {
  const lag = await readIngestLag(nats, Date.now())
  const stored = await countStored(clickhouse)
  return { atMs: performance.now(), stored, lag }
}

/** Waits for the window's end. Seldom looks, because looking takes the machine's time, too. */
async function watch(
  stack: PipelineStack,
  store: Store,
  start: Reading,
  report: (line: string) => void,
): Promise<Reading> {
  let last = start
  while (last.atMs - start.atMs < windowS * 1_000) {
    await delay(reportEveryS * 1_000)
    const now = await read(stack, store)
    const perS = ((now.stored - last.stored) * 1_000) / (now.atMs - last.atMs)
    report(`${Math.round(perS)} events/s stored; ${describeLag(now.lag)}`)
    last = now
  }
  return last
}

async function meanEventsPerChunk({ clickhouse }: Store): Promise<number> {
  const [row] = await clickhouse.query<{ mean: number }>('SELECT count() / max(stream_seq) AS mean FROM logs')
  return row?.mean ?? Number.NaN
}

async function endBoth(generator: StackProcess, ingester: StackProcess): Promise<void> {
  await generator.stop()
  await ingester.stop()
}

function describeLag({ seconds, chunks }: IngestLag): string {
  return `the oldest of ${chunks} chunks has waited for ${seconds.toFixed(2)} s`
}

function resultOf(rate: number, sustained: Sustained, plain: PlainPipeline): BenchResult {
  const { storedPerS, publishedPerS, lag, cores, standstills } = sustained
  const isSteady = lag.end.seconds <= lag.start.seconds + lagGrowthMaxS
  const perCore = Math.round(storedPerS / sumOfUse(cores))
  const plainPerCore = Math.round(plain.eventsPerS / sumOfUse(plain.cores))
  return {
    name: 'pipeline',
    value: Math.round(storedPerS),
    unit: 'events/s',
    baseline: Math.round(plain.eventsPerS),
    ratio: Number((storedPerS / plain.eventsPerS).toFixed(2)),
    bar: barEventsPerS,
    pass: storedPerS >= barEventsPerS && isSteady,
    note:
      `over ${windowS} s; the generator was asked for ${rate} and published ${Math.round(publishedPerS)} events/s` +
      `${standstills === 0 ? '' : `, and stood still ${standstills} times`}; at the start ${describeLag(lag.start)}, at the end ` +
      `${describeLag(lag.end)}${isSteady ? '' : ': it does NOT keep up'}; cores in use: ${describeUse(cores, 1)}, ` +
      `${perCore} events/s a core; the baseline has no queue and no guarantee: ${describeUse(plain.cores, 1)}, ${plainPerCore} events/s a core`,
  }
}
