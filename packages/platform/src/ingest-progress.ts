import { openIngestState, parseIngestState } from './ingest-state.js'
import type { NatsLink } from './nats/connection.js'
import { readLogStreamState, type LogStreamState } from './nats/log-stream.js'

/** How far the ingester has come in the stream that there is now. */
export interface IngestProgress {
  stream: LogStreamState
  /** All chunks up to this one are stored; 0 for a stream that the ingester has not begun. */
  committedSeq: number
}

/**
 * Opens the ingester's progress for reading.
 *
 * @returns reads it anew. The stream is read after the state, so it never ends before what is committed.
 */
export async function openIngestProgress(nats: NatsLink): Promise<() => Promise<IngestProgress>> {
  const store = await openIngestState(nats)
  return async () => {
    const state = parseIngestState((await store.load()).value)
    const stream = await readLogStreamState(nats)
    return { stream, committedSeq: state?.streamCreated === stream.created ? state.committed : 0 }
  }
}
