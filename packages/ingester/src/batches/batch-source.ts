import {
  readLogStream,
  readLogStreamState,
  type Chunk,
  type NatsLink,
  type SequenceRange,
  type StreamReading,
} from '@pulsehouse/platform'
import type { StreamFound } from '../delivery/delivery-event.js'
import type { Batch } from './batch.js'
import { makeBatches, type BatchLimits } from './batcher.js'
import type { EncoderThread } from './encoder-thread.js'

/** What batches are made with. */
export interface BatchMaking {
  nats: NatsLink
  encoder: EncoderThread
  limits: BatchLimits
}

/** Batches of a stream from a chunk on, one after the other. */
export interface BatchSource {
  /** The next batch, which is made from now on; undefined when there will be none. @throws when reading fails. */
  next(): Promise<Batch | undefined>
  /** Reads no further; what was read still becomes a batch. */
  stop(): Promise<void>
}

/**
 * Begins to read a stream; nothing is made before it is asked for.
 *
 * @param isBusy whether a batch is being inserted: the next one may grow meanwhile.
 */
export function openBatchSource(
  { nats, limits, encoder }: BatchMaking,
  stream: StreamFound,
  from: number,
  isBusy: () => boolean,
): BatchSource {
  const opened = readLogStream(nats, from, stream.created)
  // A failure is told to whoever asks for the first batch.
  opened.catch(() => undefined)
  const made = makeBatches(readingOf(opened), limits, () => encoder.open(stream.createdSeconds), isBusy)
  return {
    next: async () => {
      const result = await made.next()
      return result.done === true ? undefined : result.value
    },
    stop: async () => (await opened).stop(),
  }
}

/** Makes the batch of exactly these chunks again; undefined where the stream no longer has them all. */
export async function rebuildBatch(
  { nats, encoder }: BatchMaking,
  stream: StreamFound,
  range: SequenceRange,
): Promise<Batch | undefined> {
  const { firstSeq, lastSeq } = await readLogStreamState(nats)
  if (range.first < firstSeq || range.last > lastSeq) return undefined
  const batch = encoder.open(stream.createdSeconds)
  for await (const chunk of chunksOf(nats, stream, range)) {
    if (batch.isOfAnotherDay(chunk))
      throw new Error(`The pending range ${range.first}-${range.last} spans two days, which no batch does.`)
    await batch.add(chunk)
  }
  const { first, last } = batch.range
  return first === range.first && last === range.last ? await batch.finish() : undefined
}

async function* readingOf(opened: Promise<StreamReading>): AsyncGenerator<Chunk> {
  yield* await opened
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
    reading.stop()
  }
}
