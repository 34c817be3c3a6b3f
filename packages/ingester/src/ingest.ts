import { setTimeout as delay } from 'node:timers/promises'
import type { Protection } from '@pulsehouse/events'
import {
  ensureLogStream,
  openIngestState,
  readLogStream,
  type BlockInserter,
  type Chunk,
  type Clickhouse,
  type Logger,
  type NatsLink,
  type SequenceRange,
} from '@pulsehouse/platform'
import { assertDeduplication } from './assert-deduplication.js'
import { Batch, receivedDayOf } from './batch.js'
import { batches, type BatchContext, type BatchLimits } from './batcher.js'
import { Delivery, wait } from './delivery.js'
import { failureKind } from './failure.js'
import { ledgerEnd } from './ledger-end.js'
import { startJanitor } from './janitor.js'

/** What the ingester works with. */
export interface IngestParts {
  nats: NatsLink
  clickhouse: Clickhouse
  inserter: BlockInserter
  protection: Protection
  log: Logger
  /** Name of this process in the state. */
  owner: string
  limits: BatchLimits
  streamBytesMax: number
  replayWindowMs: number
}

/** When nothing follows a batch for this long, its range is committed by a write of its own, milliseconds. */
const idleCommitMs = 100
/** Wait before the stream is taken up again after a failure, milliseconds. */
const restartWaitMs = 1_000

/**
 * Carries the stream to ClickHouse until told to stop. Every failure that a retry can mend ends in the same place:
 * the stream is claimed again and taken up where the state says, exactly as after a crash.
 *
 * @throws when we are fenced out, or a failure is permanent.
 */
export async function ingest(parts: IngestParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await runSession(parts, signal)
      return
    } catch (error) {
      if (failureKind(error) === 'permanent' || signal.aborted) throw error
      parts.log.warn({ err: error }, 'taking up the stream again')
      await wait(restartWaitMs, signal)
    }
  }
}

async function runSession(parts: IngestParts, signal: AbortSignal): Promise<void> {
  const { nats, clickhouse, inserter, log } = parts
  await assertDeduplication(clickhouse)
  const stream = await ensureLogStream(nats, parts.streamBytesMax)
  const store = await openIngestState(nats)
  const recall = (createdSeconds: number): Promise<number> => ledgerEnd(clickhouse, createdSeconds)
  const delivery = await Delivery.claim(
    { store, inserter, log, ledgerEnd: recall, signal },
    stream,
    parts.owner,
  )
  const context: BatchContext = {
    streamCreatedSeconds: stream.createdSeconds,
    protection: parts.protection,
  }
  const { pending } = delivery.state
  if (pending !== null) {
    log.info({ pending }, 'an earlier run was cut off: sending its batch again')
    await replay(delivery, nats, pending, context)
  }
  const start = delivery.state.committed + 1
  log.info({ start, lastSeq: stream.lastSeq }, 'reading the stream')
  const janitor = startJanitor({ nats, log, committed: () => delivery.state.committed }, parts.replayWindowMs)
  const reading = await readLogStream(nats, start)
  const stop = (): void => void reading.stop()
  signal.addEventListener('abort', stop)
  try {
    await deliverAll(delivery, batches(reading, parts.limits, context))
    if (!signal.aborted) throw new Error('the reading of the stream has ended')
  } finally {
    signal.removeEventListener('abort', stop)
    janitor.stop()
    await reading.stop()
  }
}

/** Delivers batch after batch; when none follows soon, commits the last one. */
async function deliverAll(delivery: Delivery, source: AsyncGenerator<Batch>): Promise<void> {
  let next = source.next()
  for (;;) {
    const first = await Promise.race([next, delay(idleCommitMs, 'idle' as const)])
    if (first === 'idle') await delivery.commit()
    const result = first === 'idle' ? await next : first
    if (result.done === true) break
    await delivery.deliver(result.value)
    next = source.next()
  }
  await delivery.commit()
}

/** Reads exactly a pending range again and inserts it under its token. */
async function replay(
  delivery: Delivery,
  nats: NatsLink,
  range: SequenceRange,
  context: BatchContext,
): Promise<void> {
  let batch: Batch | undefined
  for await (const chunk of chunksOf(nats, range)) {
    if (batch !== undefined && receivedDayOf(chunk) !== batch.receivedDay) {
      throw new Error(`The pending range ${range.first}-${range.last} spans two days, which no batch does.`)
    }
    if (batch === undefined) batch = new Batch(chunk, context.streamCreatedSeconds, context.protection)
    else batch.add(chunk)
  }
  if (batch === undefined || batch.range.first !== range.first || batch.range.last !== range.last) {
    throw new Error(
      `The stream no longer has the pending range ${range.first}-${range.last}: it was purged by hand.`,
    )
  }
  await delivery.insert(batch)
  await delivery.commit()
}

async function* chunksOf(nats: NatsLink, range: SequenceRange): AsyncGenerator<Chunk> {
  const reading = await readLogStream(nats, range.first)
  try {
    for await (const chunk of reading) {
      if (chunk.seq <= range.last) yield chunk
      if (chunk.seq >= range.last) return
    }
  } finally {
    await reading.stop()
  }
}
