import { setTimeout as delay } from 'node:timers/promises'
import {
  countPendingLines,
  openIngestProgress,
  type Clickhouse,
  type IngestProgress,
  type NatsLink,
} from '@pulsehouse/platform'

/** The pipeline at one moment, as the status line shows it. */
export interface Status {
  /** Events that the queue has taken. */
  accepted: number
  /** Whether `accepted` is an estimate: a long queue is not counted line by line every second. */
  estimated: boolean
  stored: number
  rejected: number
  /** Chunks in the queue that are not stored yet. */
  lagChunks: number
  /** Age of the newest stored event's arrival, milliseconds; undefined where there is none. */
  freshnessMs: number | undefined
}

/** Up to this many waiting chunks are counted, beyond it they are taken to be as large as those before. */
const countedChunksMax = 32
/** A server that takes longer to answer is hung, milliseconds. */
const answerTimeoutMs = 2_500

interface Totals {
  chunks: number
  processed: number
  stored: number
  rejected: number
  newestMs: number
}

const totals = `
SELECT sum(chunks) AS chunks, sum(accepted) AS processed, sum(stored) AS stored, sum(rejected) AS rejected,
       toUnixTimestamp64Milli(max(received_at)) AS newestMs
FROM batches`

/**
 * Opens the status for reading.
 *
 * @returns reads it from the queue and the ledger; throws when either does not answer in time.
 */
export async function openStatus(nats: NatsLink, clickhouse: Clickhouse): Promise<() => Promise<Status>> {
  const readProgress = await openIngestProgress(nats)
  return async () => {
    const late = delay(answerTimeoutMs, undefined, { ref: false }).then(() => {
      throw new Error('a server does not answer')
    })
    return Promise.race([read(nats, clickhouse, readProgress), late])
  }
}

async function read(
  nats: NatsLink,
  clickhouse: Clickhouse,
  readProgress: () => Promise<IngestProgress>,
): Promise<Status> {
  const [row] = await clickhouse.query<Totals>(totals)
  if (row === undefined) throw new Error('the ledger did not answer')
  const { stream, committedSeq } = await readProgress()
  const lagChunks = stream.lastSeq - committedSeq
  const estimated = lagChunks > countedChunksMax
  const pending = estimated
    ? Math.round(lagChunks * (row.processed / Math.max(row.chunks, 1)))
    : await countPendingLines(nats, committedSeq, stream.lastSeq)
  const freshnessMs = row.newestMs > 0 ? Math.max(Date.now() - row.newestMs, 0) : undefined
  const { processed, stored, rejected } = row
  return { accepted: processed + pending, estimated, stored, rejected, lagChunks, freshnessMs }
}
