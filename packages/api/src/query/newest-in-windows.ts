import type { TimeRange } from '../parameters/time.js'
import { nextWindow } from './newest-windows.js'
import type { QueryRun } from './named-query.js'

/**
 * The newest rows of a range, up to a limit. It asks window by window, and stops when the limit is reached; all windows
 * together have the time of one query.
 *
 * @param ask gives the newest rows of a window, so many at the most.
 * @param nowMs the clock, milliseconds since 1970.
 */
export async function newestInWindows<Row>(
  ask: (window: { from_micros: number; to_micros: number; limit: number }, run: QueryRun) => Promise<Row[]>,
  { range, limit, run, nowMs }: { range: TimeRange; limit: number; run: QueryRun; nowMs: number },
): Promise<Row[]> {
  const found: Row[] = []
  const startedMs = performance.now()
  let window = nextWindow(range, nowMs * 1000)
  while (window !== undefined && found.length < limit) {
    const { fromMicros, toMicros } = window
    const left = limit - found.length
    const timeLimitMs = Math.max(1, Math.ceil(run.timeLimitMs - (performance.now() - startedMs)))
    const asked = { from_micros: fromMicros, to_micros: toMicros, limit: left }
    found.push(...(await ask(asked, { ...run, timeLimitMs })))
    window = nextWindow(range, nowMs * 1000, { fromMicros, found: found.length, wanted: limit })
  }
  return found
}
