import type { Chunk, SequenceRange } from '@pulsehouse/platform'
import type { Batch } from './batch.js'
import type { BatchEncoder } from './batch-encoder.js'
import { ChunkGatherer, receivedDayOf, type ChunkGroup } from './chunk-group.js'

/** What a batch is made by, piece by piece. */
export interface PieceMaker {
  /** Memory for a piece. */
  memory: (bytes: number) => Uint8Array<ArrayBuffer>
  /** Adds a piece, the next one counted from 0; its memory is taken over. */
  add: (piece: number, group: ChunkGroup) => Promise<void>
  /** The batch of so many pieces. */
  finish: (pieces: number) => Promise<Batch>
}

/** Bytes of chunks that are handed over at a time. A batch is decoded as it is read, so that it is never held as it came. */
const pieceBytesMax = 1024 * 1024
/** A message of the queue is no larger than this, bytes; a piece may go over its limit by one. */
const chunkBytesMax = 1024 * 1024
/** Pieces that are handed over and not yet decoded. */
const underWayMax = 2

/** Begins a batch that is made here, without a thread; one that was begun before and is not finished is given up. */
export function openBatch(encoder: BatchEncoder, streamCreatedSeconds: number): OpenBatch {
  encoder.discard()
  return new OpenBatch({
    memory: (bytes) => new Uint8Array(bytes),
    add: async (_, group) => encoder.add(group, streamCreatedSeconds),
    finish: async () => encoder.finish(streamCreatedSeconds),
  })
}

/** A batch to which chunks are added, in the order of the stream. */
export class OpenBatch {
  readonly range: SequenceRange = { first: 0, last: 0 }
  readonly #maker: PieceMaker
  #piece: ChunkGatherer | undefined
  #pieces = 0
  #underWay: Promise<void>[] = []
  #day = 0
  #lines = 0
  #bytes = 0

  constructor(maker: PieceMaker) {
    this.#maker = maker
  }

  /** Lines so far; a chunk without a byte counts as one. */
  get lines(): number {
    return this.#lines
  }

  /** Bytes of the chunks so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Whether a chunk may not stand in the batch: the queue took it on another day. */
  isOfAnotherDay(chunk: Chunk): boolean {
    return this.range.last > 0 && this.#day !== receivedDayOf(chunk)
  }

  /** Resolves when there is room for another chunk. */
  async add(chunk: Chunk): Promise<void> {
    if (this.range.last === 0) this.range.first = chunk.seq
    this.range.last = chunk.seq
    this.#day = receivedDayOf(chunk)
    this.#piece ??= new ChunkGatherer(this.#maker.memory(pieceBytesMax + chunkBytesMax))
    const before = this.#piece.lines
    this.#piece.add(chunk)
    this.#lines += this.#piece.lines - before
    this.#bytes += chunk.payload.length
    if (this.#piece.length >= pieceBytesMax) await this.#handOver(this.#piece)
  }

  async finish(): Promise<Batch> {
    if (this.#piece !== undefined) await this.#handOver(this.#piece)
    await Promise.all(this.#underWay)
    return await this.#maker.finish(this.#pieces)
  }

  async #handOver(piece: ChunkGatherer): Promise<void> {
    this.#piece = undefined
    const added = this.#maker.add(this.#pieces, piece.group())
    this.#pieces += 1
    // Whoever waits for room, or for the batch, is told of a failure.
    added.catch(() => undefined)
    this.#underWay.push(added)
    if (this.#underWay.length > underWayMax) await this.#underWay.shift()
  }
}
