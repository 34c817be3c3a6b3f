import type { InsertableBlock, SequenceRange } from '@pulsehouse/platform'

/**
 * The rows of a contiguous range of the stream, ready to be inserted. What it holds follows from the chunks alone, not
 * from when they were read: read again, the same range gives the same rows, which is what the deduplication token
 * promises. All its chunks were taken by the queue on one day, so that all its rows lie in one partition.
 */
export interface Batch {
  range: SequenceRange
  /** Day on which the queue took its chunks, in days since 1970, UTC. */
  receivedDay: number
  streamCreatedSeconds: number
  chunks: number
  /** Lines, counted before anything was made of them. */
  accepted: number
  /** When the queue took the last chunk, microseconds since 1970. */
  receivedAtMicros: number
  logs: InsertableBlock
  rejected: InsertableBlock
}
