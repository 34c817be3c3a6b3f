import { decodeChunkLine, splitLines, type Protection } from '@pulsehouse/events'
import { NativeBlock, type Chunk, type SequenceRange } from '@pulsehouse/platform'
import { logColumns, type LogRow, type Position } from './log-columns.js'
import { rejectedColumns, type RejectedRow } from './rejected-columns.js'

const microsPerDay = 86_400_000_000

/** Day on which the queue took a chunk, in days since 1970, UTC. */
export function receivedDayOf(chunk: Chunk): number {
  return Math.floor(chunk.receivedAtMicros / microsPerDay)
}

/**
 * The rows of a contiguous range of the stream. What it holds follows from the chunks alone, not from when they were
 * read: read again, the same range gives the same rows, which is what the deduplication token promises.
 * All its chunks were taken by the queue on one day, so that all its rows lie in one partition.
 */
export class Batch {
  readonly logs = new NativeBlock<LogRow>(logColumns)
  readonly rejected = new NativeBlock<RejectedRow>(rejectedColumns)
  readonly range: SequenceRange
  readonly receivedDay: number
  /** Lines, counted before anything was made of them. */
  accepted = 0
  chunks = 0
  payloadBytes = 0
  /** When the queue took the last chunk, microseconds since 1970. */
  receivedAtMicros = 0

  readonly streamCreatedSeconds: number
  readonly #protection: Protection

  constructor(first: Chunk, streamCreatedSeconds: number, protection: Protection) {
    this.range = { first: first.seq, last: first.seq }
    this.receivedDay = receivedDayOf(first)
    this.streamCreatedSeconds = streamCreatedSeconds
    this.#protection = protection
    this.add(first)
  }

  /** Adds the chunk that follows in the stream; every line of it becomes one row, here or there. */
  add(chunk: Chunk): void {
    this.range.last = chunk.seq
    this.receivedAtMicros = chunk.receivedAtMicros
    this.chunks += 1
    this.payloadBytes += chunk.payload.length
    const lines = splitLines(chunk.payload)
    this.accepted += lines.length
    for (const [eventIndex, line] of lines.entries()) this.#addLine(chunk, line, eventIndex)
  }

  #addLine(chunk: Chunk, line: string, eventIndex: number): void {
    const position: Position = {
      receivedDay: this.receivedDay,
      receivedAtMicros: chunk.receivedAtMicros,
      streamCreatedSeconds: this.streamCreatedSeconds,
      streamSeq: chunk.seq,
      eventIndex,
    }
    const decoded = decodeChunkLine(chunk, line)
    if (decoded.ok) {
      this.logs.add({ event: this.#protection.event(decoded.event), position })
      return
    }
    this.rejected.add({
      position,
      reason: decoded.reason,
      detail: decoded.detail,
      contentType: chunk.contentType ?? '',
      payload: this.#protection.rejectedLine(line),
      payloadChars: line.length,
    })
  }
}
