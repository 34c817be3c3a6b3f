import type { Log } from './log.js'
import type { TimeRange } from './parameters/time.js'
import { logWindows } from './queries/log-windows.js'
import { runQuery, type QueryRun } from './queries/named-query.js'
import { searchLogs, type SearchLogsParameters } from './queries/search-logs.js'

/**
 * The newest logs of a range that pass all filters, up to the limit. It asks window by window, and stops when the limit
 * is reached; all windows together have the time of one query.
 *
 * @param nowMs the clock, milliseconds since 1970.
 */
export async function searchNewest(
  given: Omit<SearchLogsParameters, 'from_micros' | 'to_micros'>,
  range: TimeRange,
  run: QueryRun,
  nowMs: number,
): Promise<Log[]> {
  const found: Log[] = []
  const startedMs = performance.now()
  for (const { fromMicros, toMicros } of logWindows(range, nowMs * 1000)) {
    const limit = given.limit - found.length
    if (limit <= 0) break
    const timeLimitMs = Math.max(1, Math.ceil(run.timeLimitMs - (performance.now() - startedMs)))
    const window = { ...given, limit, from_micros: fromMicros, to_micros: toMicros }
    found.push(...(await runQuery(searchLogs, window, { ...run, timeLimitMs })))
  }
  return found
}
