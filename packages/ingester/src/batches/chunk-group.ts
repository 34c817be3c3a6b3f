import type { Chunk, SequenceRange } from '@pulsehouse/platform'

const microsPerDay = 86_400_000_000
const newline = 0x0a

/** Day on which the queue took a chunk, in days since 1970, UTC. */
export function receivedDayOf(chunk: Pick<Chunk, 'receivedAtMicros'>): number {
  return Math.floor(chunk.receivedAtMicros / microsPerDay)
}

/** What is known of a chunk beside its bytes, and where these stand in the group. */
export interface ChunkHead extends Pick<
  Chunk,
  'seq' | 'receivedAtMicros' | 'contentType' | 'timeShiftMicros'
> {
  start: number
  end: number
}

/** Chunks that follow each other in the stream and become one batch; their bytes lie in one buffer, which can be handed to a thread. */
export interface ChunkGroup {
  heads: ChunkHead[]
  bytes: Uint8Array<ArrayBuffer>
}

/** The range of the stream that a group covers. */
export function rangeOf({ heads }: Pick<ChunkGroup, 'heads'>): SequenceRange {
  return { first: heads[0]?.seq ?? 0, last: heads.at(-1)?.seq ?? 0 }
}

/** Gathers chunks into a group. */
export class ChunkGatherer {
  readonly #heads: ChunkHead[] = []
  #bytes: Uint8Array<ArrayBuffer>
  #length = 0
  #lines = 0

  /** @param bytes memory that is begun with; it grows where it must. */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes
  }

  /** Lines so far; a chunk without a byte counts as one. */
  get lines(): number {
    return this.#lines
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length
  }

  add({ seq, receivedAtMicros, contentType, timeShiftMicros, payload }: Chunk): void {
    const start = this.#length
    const end = start + payload.length
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, start))
      this.#bytes = larger
    }
    this.#bytes.set(payload, start)
    this.#heads.push({ seq, receivedAtMicros, contentType, timeShiftMicros, start, end })
    this.#length = end
    this.#lines += countLines(payload)
  }

  group(): ChunkGroup {
    return { heads: this.#heads, bytes: this.#bytes }
  }
}

/** A group of chunks that are at hand. */
export function chunkGroupOf(chunks: readonly Chunk[]): ChunkGroup {
  const gatherer = new ChunkGatherer(new Uint8Array(0))
  for (const chunk of chunks) gatherer.add(chunk)
  return gatherer.group()
}

function countLines(payload: Uint8Array): number {
  let lines = payload.length === 0 || payload.at(-1) !== newline ? 1 : 0
  for (let at = payload.indexOf(newline); at !== -1; at = payload.indexOf(newline, at + 1)) lines += 1
  return lines
}
