import { z } from 'zod'
import type { NatsLink } from './nats/connection.js'
import { openStateStore, type StateStore } from './nats/state-store.js'

/** A contiguous range of the stream, both ends included. */
const rangeSchema = z.object({ first: z.int().positive(), last: z.int().positive() })

/** A contiguous range of the stream, both ends included. */
export type SequenceRange = z.infer<typeof rangeSchema>

const ingestStateSchema = z.object({
  /** When the stream was made, ISO 8601. */
  streamCreated: z.string(),
  /** Which process writes; another one that comes later fences it out. */
  owner: z.string(),
  /** Everything up to this sequence is in ClickHouse. */
  committed: z.int().nonnegative(),
  /** Written down before it is inserted: after a crash, exactly this range is inserted again. */
  pending: rangeSchema.nullable(),
})

/** How far the ingester has come. */
export type IngestState = z.infer<typeof ingestStateSchema>

/** Opens the entry that holds the ingester's state. */
export async function openIngestState(nats: NatsLink): Promise<StateStore> {
  return openStateStore(nats, 'PULSEHOUSE_INGEST', 'LOGS')
}

/** Reads a stored state; undefined where there is none yet. @throws when it is damaged. */
export function parseIngestState(value: unknown): IngestState | undefined {
  return value === undefined ? undefined : ingestStateSchema.parse(value)
}
