import { limits } from '@pulsehouse/events'
import type { Clickhouse } from '@pulsehouse/platform'
import type { RejectedFilter } from './config.js'
import type { RejectedRow } from './rejected-row.js'
import { replayedFrom, replayLineStart } from './replay-line.js'

const position = `concat(toString(toUnixTimestamp(r.stream_created)), ':', toString(r.stream_seq), ':', toString(r.event_index))`

/**
 * The positions of what was replayed: events that say so, and replays that an ingester with an older decoder refused.
 * The record is the events themselves, so it can't be lost without them.
 */
const replayed = `
SELECT attributes['${replayedFrom}'] FROM logs WHERE mapContains(attributes, '${replayedFrom}')
UNION ALL
SELECT extract(payload, '^${replayLineStart.replaceAll('{', '[{]')}([0-9:]+)"') FROM rejected_events WHERE startsWith(payload, '${replayLineStart}')`

const columns = `toUnixTimestamp64Micro(r.received_at) AS receivedAtMicros, r.reason AS reason, r.detail AS detail,
  r.content_type AS contentType, r.payload AS payload, r.payload_chars AS payloadChars,
  toUnixTimestamp(r.stream_created) AS streamCreated, r.stream_seq AS streamSeq, r.event_index AS eventIndex,
  toBool(${position} IN (SELECT * FROM (${replayed}))) AS replayed`

const meant = `({reason:String} = '' OR r.reason = {reason:String})
  AND r.received_at >= fromUnixTimestamp64Micro({sinceMicros:Int64}, 'UTC')`

/** How many rejected events of one reason there are. */
export interface ReasonCount {
  reason: string
  /** Those that were not replayed. */
  open: number
  replayed: number
  /** Of the open ones, those of which only a part was kept. */
  cut: number
}

/** Counts what is meant, by reason. */
export async function countRejected(clickhouse: Clickhouse, filter: RejectedFilter): Promise<ReasonCount[]> {
  const sql = `
SELECT reason, countIf(NOT done) AS open, countIf(done) AS replayed, countIf(NOT done AND cut) AS cut
FROM (
  SELECT r.reason AS reason, ${position} IN (SELECT * FROM (${replayed})) AS done,
         r.payload_chars > ${limits.rejectedPayloadCharsMax} OR lengthUTF8(r.payload) >= ${limits.rejectedPayloadCharsMax} AS cut
  FROM rejected_events AS r WHERE ${meant}
)
GROUP BY reason ORDER BY open DESC, reason`
  return await clickhouse.query<ReasonCount>(sql, { ...filter })
}

/** The newest of what is meant, the newest first. */
export async function newestRejected(
  clickhouse: Clickhouse,
  filter: RejectedFilter,
  show: { all: boolean; limit: number },
): Promise<RejectedRow[]> {
  const sql = `
SELECT ${columns} FROM rejected_events AS r
WHERE ${meant} AND ({all:Bool} OR NOT replayed)
ORDER BY r.received_at DESC, r.stream_seq DESC, r.event_index DESC
LIMIT {limit:UInt32}`
  return await clickhouse.query<RejectedRow>(sql, { ...filter, ...show })
}

/** Where a reading of rejected events goes on: behind this row. */
export type RejectedCursor = Pick<
  RejectedRow,
  'receivedAtMicros' | 'streamCreated' | 'streamSeq' | 'eventIndex'
>

/** The next of what is meant and was not replayed, the oldest first. */
export async function nextOpen(
  clickhouse: Clickhouse,
  filter: RejectedFilter,
  cursor: RejectedCursor,
  limit: number,
): Promise<RejectedRow[]> {
  const sql = `
SELECT ${columns} FROM rejected_events AS r
WHERE ${meant} AND NOT replayed
  AND (toUnixTimestamp64Micro(r.received_at), toUnixTimestamp(r.stream_created), r.stream_seq, r.event_index)
    > ({receivedAtMicros:Int64}, {streamCreated:UInt32}, {streamSeq:UInt64}, {eventIndex:Int64})
ORDER BY r.received_at, r.stream_created, r.stream_seq, r.event_index
LIMIT {limit:UInt32}`
  const { receivedAtMicros, streamCreated, streamSeq, eventIndex } = cursor
  const place = { receivedAtMicros, streamCreated, streamSeq, eventIndex }
  return await clickhouse.query<RejectedRow>(sql, { ...filter, ...place, limit })
}
