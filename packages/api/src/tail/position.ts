/**
 * Up to where a reader has everything: the stream, the chunk and the line in it. It is the `id` of every event, so what
 * a client sends back as `Last-Event-ID` says where to go on.
 */
export interface TailPosition {
  /** When the stream was made, seconds since 1970: a stream that was made anew counts its chunks from 1 again. */
  createdSeconds: number
  /** 0 is before the first chunk. */
  seq: number
  index: number
  /** When the queue took the chunk, seconds since 1970: a gap can be dated by it when the chunk is gone. */
  receivedSeconds: number | undefined
}

/** The index that stands for all lines of a chunk; a chunk has fewer bytes than this. */
export const wholeChunk = 999_999

const pattern = /^(\d{1,10})-(\d{1,15})-(\d{1,6})(?:-(\d{1,10}))?$/

/** Writes a position as the `id` of an event: the id of the log, and the time of its arrival. */
export function formatPosition({ createdSeconds, seq, index, receivedSeconds }: TailPosition): string {
  return `${createdSeconds}-${seq}-${index}${receivedSeconds === undefined ? '' : `-${receivedSeconds}`}`
}

/** Reads an `id`, or the id of a log, which says the same without a time; undefined for any other text. */
export function parsePosition(text: string): TailPosition | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [createdSeconds = 0, seq = 0, index = 0] = match.slice(1, 4).map(Number)
  return {
    createdSeconds,
    seq,
    index,
    receivedSeconds: match[4] === undefined ? undefined : Number(match[4]),
  }
}

/** The first chunk of which something is still to come. */
export function nextSeqOf({ seq, index }: TailPosition): number {
  return index === wholeChunk ? seq + 1 : Math.max(seq, 1)
}

/** The position that is further on; another stream is always further on than the one before. */
export function laterOf(before: TailPosition, next: TailPosition): TailPosition {
  if (before.createdSeconds !== next.createdSeconds) return next
  const isBefore = next.seq < before.seq || (next.seq === before.seq && next.index < before.index)
  return isBefore ? before : next
}
