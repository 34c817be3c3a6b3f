import type { TimeRange } from '../parameters/time.js'

const microsPerMinute = 60_000_000
const microsPerHour = 60 * microsPerMinute

/**
 * How far back the first windows reach from the newest moment of a range, microseconds; what is older is one window. They
 * are few because each is a query: in a search for a rare word, that is most of the cost. They grow no faster, because a page
 * that a window leaves nearly full costs the whole of the next one.
 */
const reachesMicros = [15 * microsPerMinute, 3 * microsPerHour, 24 * microsPerHour]

/**
 * Cuts a range of time into windows, newest first, each longer than the one before: a page of the newest logs is full
 * after the first, however long the range. From the second on they begin with an hour, as the sort key does, so that no
 * hour is read twice.
 *
 * @param nowMicros what lies after it is sparse, and belongs to the first window.
 */
export function newestWindows({ fromMicros, toMicros }: TimeRange, nowMicros: number): TimeRange[] {
  const newest = Math.min(toMicros, nowMicros)
  const starts = reachesMicros
    .map((reach, index) => (index === 0 ? newest - reach : hourOf(newest - reach)))
    .filter((start) => start > fromMicros)
  return [...starts, fromMicros].map((start, index) => ({
    fromMicros: start,
    toMicros: starts[index - 1] ?? toMicros,
  }))
}

function hourOf(micros: number): number {
  return Math.floor(micros / microsPerHour) * microsPerHour
}
