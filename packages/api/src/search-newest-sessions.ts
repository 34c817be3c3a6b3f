import { createHash } from 'node:crypto'
import { parseIsoMicros } from '@pulsehouse/events'
import type { RowPosition } from './parameters/cursor.js'
import type { TimeRange } from './parameters/time.js'
import { logWindows } from './queries/log-windows.js'
import { runQuery, type QueryRun } from './queries/named-query.js'
import { searchSessions, type SearchSessionsParameters } from './queries/sessions/search-sessions.js'
import type { Session } from './queries/sessions/session-selection.js'

/**
 * The newest sessions that began in a range and pass all filters, up to the limit. It asks window by window, and stops
 * when the limit is reached; all windows together have the time of one query.
 *
 * @param nowMs the clock, milliseconds since 1970.
 */
export async function searchNewestSessions(
  given: Omit<SearchSessionsParameters, 'from_micros' | 'to_micros'> & { limit: number },
  range: TimeRange,
  run: QueryRun,
  nowMs: number,
): Promise<Session[]> {
  const found: Session[] = []
  const startedMs = performance.now()
  for (const { fromMicros, toMicros } of logWindows(range, nowMs * 1000)) {
    const limit = given.limit - found.length
    if (limit <= 0) break
    const timeLimitMs = Math.max(1, Math.ceil(run.timeLimitMs - (performance.now() - startedMs)))
    const window = { ...given, limit, from_micros: fromMicros, to_micros: toMicros }
    found.push(...(await runQuery(searchSessions, window, { ...run, timeLimitMs })))
  }
  return found
}

/** Where a session stands in the order of the list: its start, and the hash of its id in two halves. */
export function sessionPosition({ id, started }: Session): RowPosition {
  const hash = createHash('md5').update(id).digest()
  return {
    timestampMicros: parseIsoMicros(started) ?? 0,
    streamCreatedSeconds: hash.readUInt32BE(0),
    streamSeq: 0,
    eventIndex: hash.readUInt32BE(4),
  }
}

/** What the search takes to go on behind a position. */
export function afterSession(after: RowPosition): { after_micros: number; after_tie: string } {
  const tie = BigInt(after.streamCreatedSeconds) * 2n ** 32n + BigInt(after.eventIndex)
  return { after_micros: after.timestampMicros, after_tie: String(tie) }
}
