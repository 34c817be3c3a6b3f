import type { Protection } from '@pulsehouse/events'
import {
  readLogStream,
  readLogStreamState,
  type Chunk,
  type NatsLink,
  type SequenceRange,
  type StreamReading,
} from '@pulsehouse/platform'
import { Batch, receivedDayOf } from './batch.js'
import { batches, type BatchLimits } from './batcher.js'
import type { StreamFound } from './delivery/delivery-event.js'

/** What batches are made with. */
export interface BatchMaking {
  nats: NatsLink
  protection: Protection
  limits: BatchLimits
}

/** Batches of a stream from a chunk on, one after the other. */
export interface BatchSource {
  /** The next batch, which is made from now on; undefined when there will be none. @throws when reading fails. */
  next(): Promise<Batch | undefined>
  /** Reads no further; what was read still becomes a batch. */
  stop(): Promise<void>
}

/** Begins to read a stream; nothing is made before it is asked for. */
export function openBatchSource(making: BatchMaking, stream: StreamFound, from: number): BatchSource {
  const opened = readLogStream(making.nats, from, stream.created)
  // A failure is told to whoever asks for the first batch.
  opened.catch(() => undefined)
  const made = makeBatches(making, stream, opened)
  return {
    next: async () => {
      const { value } = await made.next()
      return value ?? undefined
    },
    stop: async () => (await opened).stop(),
  }
}

async function* makeBatches(
  { protection, limits }: BatchMaking,
  { createdSeconds }: StreamFound,
  opened: Promise<StreamReading>,
): AsyncGenerator<Batch, undefined> {
  yield* batches(await opened, limits, { streamCreatedSeconds: createdSeconds, protection })
  return undefined
}

/** Makes the batch of exactly these chunks again; undefined where the stream no longer has them all. */
export async function rebuildBatch(
  { nats, protection }: BatchMaking,
  stream: StreamFound,
  range: SequenceRange,
): Promise<Batch | undefined> {
  const { firstSeq, lastSeq } = await readLogStreamState(nats)
  if (range.first < firstSeq || range.last > lastSeq) return undefined
  let batch: Batch | undefined
  for await (const chunk of chunksOf(nats, stream, range)) {
    if (batch === undefined) batch = new Batch(chunk, stream.createdSeconds, protection)
    else if (receivedDayOf(chunk) === batch.receivedDay) batch.add(chunk)
    else
      throw new Error(`The pending range ${range.first}-${range.last} spans two days, which no batch does.`)
  }
  return batch?.range.first === range.first && batch.range.last === range.last ? batch : undefined
}

async function* chunksOf(
  nats: NatsLink,
  { created }: StreamFound,
  range: SequenceRange,
): AsyncGenerator<Chunk> {
  const reading = await readLogStream(nats, range.first, created)
  try {
    for await (const chunk of reading) {
      if (chunk.seq <= range.last) yield chunk
      if (chunk.seq >= range.last) return
    }
  } finally {
    await reading.stop()
  }
}
