import { openIngestState, readLogStreamState, type IngestState, type NatsLink } from '@pulsehouse/platform'
import { peakMemoryMiB } from './peak-memory.js'
import type { PipelineStack, Store } from './pipeline-stack.js'
import { openPlainInserter, type PlainBlock } from './plain-inserts.js'
import { startProcessorUse, type ProcessorUse } from './processor-use.js'
import { countStored, untilStored } from './stored-events.js'

/** One way of storing events, done once. */
export interface Round {
  eventsPerS: number
  /** Seconds of processor time for a million events, by process. */
  usePerMillion: ProcessorUse
  /** What was inserted at once, on average: a small insert costs nearly as much as a large one. */
  rowsPerInsert: number
  /** The ingester's; undefined where it is unknown, and for the plain way. */
  peakMiB?: number | undefined
}

/** What the state says before any ingester has read the stream. */
const untouched: IngestState = { streamCreated: '', owner: '', committed: 0, pending: null }

/**
 * Lets the ingester store the whole stream into empty tables, from its word that it is ready to the last event that can
 * be read.
 *
 * @throws when a table does not have every event once.
 */
export async function drainOnce(stack: PipelineStack, events: number): Promise<Round> {
  return await withStore(stack, async (store) => {
    await forgetProgress(stack.nats)
    const ingester = await stack.startIngester(store)
    const use = startProcessorUse({
      ingester: ingester.pid,
      'nats-server': stack.natsPid,
      ClickHouse: store.pid,
    })
    const startMs = performance.now()
    await untilStored(store.clickhouse, ingester, events)
    const wallS = (performance.now() - startMs) / 1_000
    const used = use()
    const peakMiB = peakMemoryMiB(ingester.pid)
    await ingester.stop()
    await proveWhole(store, events)
    return { ...rates(events, wallS, used, await countBatches(store)), peakMiB }
  })
}

/** Inserts the same events into the same tables and views, block after block, without queue and ingester. */
export async function insertOnce(stack: PipelineStack, blocks: readonly PlainBlock[]): Promise<Round> {
  return await withStore(stack, async (store) => {
    const events = blocks.reduce((sum, { rows }) => sum + rows, 0)
    const inserter = await openPlainInserter(store)
    const use = startProcessorUse({ client: process.pid, ClickHouse: store.pid })
    const startMs = performance.now()
    for (const block of blocks) await inserter.insert(block)
    const wallS = (performance.now() - startMs) / 1_000
    const round = rates(events, wallS, use(), blocks.length)
    inserter.close()
    await proveWhole(store, events)
    return round
  })
}

async function withStore<T>(stack: PipelineStack, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await stack.startStore()
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** To the ingester the stream is then one that it has never seen. */
async function forgetProgress(nats: NatsLink): Promise<void> {
  const state = await openIngestState(nats)
  const { revision } = await state.load()
  await state.replace(untouched, revision)
  const { firstSeq } = await readLogStreamState(nats)
  if (firstSeq > 1) throw new Error(`The stream was purged up to chunk ${firstSeq}: it is no longer whole.`)
}

function rates(events: number, wallS: number, use: ProcessorUse, inserts: number): Round {
  const perMillion = Object.entries(use).map(([name, seconds]) => [name, (seconds / events) * 1e6] as const)
  return {
    eventsPerS: events / wallS,
    usePerMillion: Object.fromEntries(perMillion),
    rowsPerInsert: events / inserts,
  }
}

async function countBatches({ clickhouse }: Store): Promise<number> {
  const [row] = await clickhouse.query<{ n: number }>('SELECT count() AS n FROM batches')
  return row?.n ?? Number.NaN
}

async function proveWhole({ clickhouse }: Store, events: number): Promise<void> {
  const stored = await countStored(clickhouse)
  const [row] = await clickhouse.query<{ n: number }>('SELECT sum(events) AS n FROM totals_by_minute')
  if (stored === events && row?.n === events) return
  throw new Error(`${events} events were sent; there are ${stored}, and the rollup counts ${row?.n}.`)
}
