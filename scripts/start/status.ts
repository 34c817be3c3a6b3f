import {
  openIngestState,
  parseIngestState,
  readLogStreamState,
  type Clickhouse,
  type NatsLink,
} from '@pulsehouse/platform'

/** The pipeline at one moment, as the status line shows it. */
export interface Status {
  /** Lines that were taken from the queue and are stored or rejected. */
  processed: number
  stored: number
  rejected: number
  /** Chunks in the queue that are not stored yet. */
  lagChunks: number
  /** Age of the newest stored event's arrival, milliseconds; undefined where there is none. */
  freshnessMs: number | undefined
}

const totals = `
SELECT sum(accepted) AS processed, sum(stored) AS stored, sum(rejected) AS rejected,
       toUnixTimestamp64Milli(max(received_at)) AS newestMs
FROM batches`

/** Reads the status from the queue and the ledger. @throws when either does not answer. */
export async function readStatus(nats: NatsLink, clickhouse: Clickhouse): Promise<Status> {
  const [row] = await clickhouse.query<Omit<Status, 'lagChunks'> & { newestMs: number }>(totals)
  const state = parseIngestState((await (await openIngestState(nats)).load()).value)
  const stream = await readLogStreamState(nats)
  if (row === undefined) throw new Error('the ledger did not answer')
  const { newestMs, processed, stored, rejected } = row
  const freshnessMs = newestMs > 0 ? Math.max(Date.now() - newestMs, 0) : undefined
  const committed = state?.streamCreated === stream.created ? state.committed : 0
  return { processed, stored, rejected, lagChunks: stream.lastSeq - committed, freshnessMs }
}
