import type { TimeRange } from '../parameters/time.js'

const microsPerMinute = 60_000_000
const microsPerHour = 60 * microsPerMinute
const firstMicros = 15 * microsPerMinute
/** What lies further back than the windows before it is one window: that many rows of so long a time are rare. */
const reachMaxMicros = 24 * microsPerHour
/** A window is so many times as long as the rows before it promise, because they are not spread evenly. */
const margin = 1.5

/** What has been searched of a range, from its newest moment back. */
export interface Searched {
  /** Where the last window began, microseconds since 1970. */
  fromMicros: number
  /** Rows that were found in all windows. */
  found: number
  /** Rows that are looked for. */
  wanted: number
}

/**
 * The next window of a search for the newest rows of a range, from its end back; undefined when all is searched. A page of the
 * newest logs is full after the first, however long the range. How far the next one reaches is judged by what was found:
 * each is a query, which in a search for something rare is most of the cost, and one that leaves a page nearly full costs the
 * whole of the next. From the second on they begin with an hour, as the sort key does, so that no hour is read twice.
 *
 * @param nowMicros what lies after it is sparse, and belongs to the first window.
 */
export function nextWindow(
  { fromMicros, toMicros }: TimeRange,
  nowMicros: number,
  searched?: Searched,
): TimeRange | undefined {
  const newest = Math.min(toMicros, nowMicros)
  if (searched === undefined) return { fromMicros: Math.max(fromMicros, newest - firstMicros), toMicros }
  if (searched.fromMicros <= fromMicros) return undefined
  const start = hourOf(searched.fromMicros - Math.max(firstMicros, lengthOf(searched, newest)))
  const farthest = hourOf(newest - reachMaxMicros)
  if (start > farthest) return { fromMicros: Math.max(fromMicros, start), toMicros: searched.fromMicros }
  const isNear = searched.fromMicros > farthest
  return { fromMicros: isNear ? Math.max(fromMicros, farthest) : fromMicros, toMicros: searched.fromMicros }
}

/** How long the next window should be. Where nothing was found, what is looked for is at least as rare as one a window. */
function lengthOf({ fromMicros, found, wanted }: Searched, newest: number): number {
  return ((newest - fromMicros) * margin * (wanted - found)) / Math.max(found, 1)
}

function hourOf(micros: number): number {
  return Math.floor(micros / microsPerHour) * microsPerHour
}
