import { setTimeout as delay } from 'node:timers/promises'
import { openIngestProgress, readLogStreamState, type Clickhouse, type NatsLink } from '@pulsehouse/platform'

/** A chunk that was published, and where its lines stand in the file. */
export interface PublishedChunk {
  seq: number
  file: string
  /** Number of its first line in the file, from 1. */
  firstLine: number
}

/** What became of the lines. */
export interface Outcome {
  stored: number
  rejected: { reason: string; count: number; detail: string; file: string; line: number }[]
}

/** Without progress for this long, the ingester is taken to be away, milliseconds. */
const patienceMs = 60_000
const pollEveryMs = 200
/** Chunks asked for in one query: their sequences travel in its address. */
const chunksPerQuery = 500

/**
 * Waits until everything up to a chunk is stored.
 *
 * @param onProgress told how many chunks are still to come.
 * @throws when nothing moves for a minute: the lines are safe in the queue, but nobody stores them.
 */
export async function waitUntilStored(
  nats: NatsLink,
  lastSeq: number,
  onProgress: (chunksLeft: number) => void,
): Promise<void> {
  const readProgress = await openIngestProgress(nats)
  let best = -1
  let movedAtMs = Date.now()
  for (;;) {
    const { committedSeq } = await readProgress()
    if (committedSeq >= lastSeq) return
    if (committedSeq > best) movedAtMs = Date.now()
    best = Math.max(best, committedSeq)
    onProgress(lastSeq - committedSeq)
    if (Date.now() - movedAtMs > patienceMs) {
      throw new Error(
        'The lines are safe in the queue, but nobody stores them: is the ingester running (npm start)?',
      )
    }
    await delay(pollEveryMs)
  }
}

const storedOf = `
SELECT count() AS stored FROM logs
WHERE stream_created = toDateTime({created:UInt32}) AND stream_seq IN {seqs:Array(UInt64)}`

const rejectedOf = `
SELECT reason, count() AS count, argMin(detail, (stream_seq, event_index)) AS detail,
       min((stream_seq, event_index)) AS position
FROM rejected_events
WHERE stream_created = toDateTime({created:UInt32}) AND stream_seq IN {seqs:Array(UInt64)}
GROUP BY reason`

/** Asks ClickHouse what became of published chunks. */
export async function readOutcome(
  nats: NatsLink,
  clickhouse: Clickhouse,
  chunks: readonly PublishedChunk[],
): Promise<Outcome> {
  const { createdSeconds: created } = await readLogStreamState(nats)
  const bySeq = new Map(chunks.map((chunk) => [chunk.seq, chunk]))
  const outcome: Outcome = { stored: 0, rejected: [] }
  for (let start = 0; start < chunks.length; start += chunksPerQuery) {
    const seqs = chunks.slice(start, start + chunksPerQuery).map(({ seq }) => seq)
    const parameters = { created, seqs }
    const [row] = await clickhouse.query<{ stored: number }>(storedOf, parameters)
    outcome.stored += row?.stored ?? 0
    const rows = await clickhouse.query<RejectedRow>(rejectedOf, parameters)
    for (const { position, ...rest } of rows) {
      const chunk = bySeq.get(position[0])
      addRejected(outcome, { ...rest, file: chunk?.file ?? '', line: (chunk?.firstLine ?? 1) + position[1] })
    }
  }
  return outcome
}

interface RejectedRow {
  reason: string
  count: number
  detail: string
  position: [seq: number, index: number]
}

function addRejected(outcome: Outcome, found: Outcome['rejected'][number]): void {
  const known = outcome.rejected.find(({ reason }) => reason === found.reason)
  if (known === undefined) outcome.rejected.push(found)
  else known.count += found.count
}
