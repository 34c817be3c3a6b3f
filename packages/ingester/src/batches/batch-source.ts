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
import { chunkGroups, type BatchLimits } from './batcher.js'
import { ChunkGatherer, rangeOf } from './chunk-group.js'
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
  { encoder, limits }: BatchMaking,
  { createdSeconds }: StreamFound,
  opened: Promise<StreamReading>,
): AsyncGenerator<Batch, undefined> {
  for await (const group of chunkGroups(await opened, limits, encoder.memory))
    yield await encoder.make(group, createdSeconds)
  return undefined
}

/** Makes the batch of exactly these chunks again; undefined where the stream no longer has them all. */
export async function rebuildBatch(
  { nats, limits, encoder }: BatchMaking,
  stream: StreamFound,
  range: SequenceRange,
): Promise<Batch | undefined> {
  const { firstSeq, lastSeq } = await readLogStreamState(nats)
  if (range.first < firstSeq || range.last > lastSeq) return undefined
  const gatherer = new ChunkGatherer(encoder.memory(limits.bytesMax))
  for await (const chunk of chunksOf(nats, stream, range)) {
    if (gatherer.isOfAnotherDay(chunk))
      throw new Error(`The pending range ${range.first}-${range.last} spans two days, which no batch does.`)
    gatherer.add(chunk)
  }
  const group = gatherer.group()
  const { first, last } = rangeOf(group)
  return first === range.first && last === range.last
    ? await encoder.make(group, stream.createdSeconds)
    : undefined
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
