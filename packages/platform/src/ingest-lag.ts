import { openIngestProgress } from './ingest-progress.js'
import { readChunkArrival } from './nats/chunk-arrival.js'
import type { NatsLink } from './nats/connection.js'

/** How far the ingester is behind the queue. */
export interface IngestLag {
  /** Chunks of the queue that are not stored yet. */
  chunks: number
  /** How long the oldest of them has waited, seconds; 0 where none waits. */
  seconds: number
  /** All chunks up to this one are stored. */
  committedSeq: number
  /** The newest chunk of the queue. */
  lastSeq: number
}

/**
 * Reads how far the ingester is behind.
 *
 * @param nowMs the present, milliseconds since 1970.
 * @throws when NATS does not answer, or has no stream.
 */
export async function readIngestLag(nats: NatsLink, nowMs: number): Promise<IngestLag> {
  const readProgress = await openIngestProgress(nats)
  const { stream, committedSeq } = await readProgress()
  const { lastSeq } = stream
  const chunks = Math.max(lastSeq - committedSeq, 0)
  // A chunk that is gone by the time we ask for it was stored in between: it waits no longer.
  const arrivedAtMs = chunks === 0 ? undefined : await readChunkArrival(nats, committedSeq + 1)
  const seconds = arrivedAtMs === undefined ? 0 : Math.max(nowMs - arrivedAtMs, 0) / 1000
  return { chunks, seconds, committedSeq, lastSeq }
}
