import type { SystemLoadRow } from './system-loads.js'
import type { Load } from './verdict.js'

/** Spans of whole minutes that end now: each with the one of the same length before it, seconds since 1970. */
export interface Spans {
  toSeconds: number
  starts: number[]
  ends: number[]
}

const shortSeconds = 300
const longSeconds = 3_600

/** Length of each span, seconds, in the order of `spansAt`. */
export const spanSeconds = [shortSeconds, shortSeconds, longSeconds, longSeconds] as const

/** The last 5 minutes and the 5 before, the last hour and the one before. The minute that is still filling is not in them. */
export function spansAt(nowMs: number): Spans {
  const toSeconds = Math.floor(nowMs / 60_000) * 60
  const ends = [toSeconds, toSeconds - shortSeconds, toSeconds, toSeconds - longSeconds]
  return { toSeconds, ends, starts: ends.map((end, index) => end - (spanSeconds[index] ?? 0)) }
}

/** The loads of one service, or of all of them, in the order of `spansAt`: zero where nothing happened. */
export function loadsOf(rows: readonly SystemLoadRow[]): [Load, Load, Load, Load] {
  const at = (index: number): Load =>
    loadOf(
      rows.find(({ span }) => span === index + 1),
      spanSeconds[index] ?? shortSeconds,
    )
  return [at(0), at(1), at(2), at(3)]
}

function loadOf(row: SystemLoadRow | undefined, seconds: number): Load {
  const { events, errors, response_time_p95, users } = row ?? {
    events: 0,
    errors: 0,
    response_time_p95: null,
    users: 0,
  }
  const error_ratio = events === 0 ? null : errors / events
  return { events, events_per_second: events / seconds, error_ratio, response_time_p95, users }
}
