import { median } from '../../median.js'
import type { Match } from './match.js'

/** How good a detector was, over all scenarios. */
export interface Score {
  planted: number
  found: number
  /** Share of the planted incidents that were told. */
  recall: number
  /** Share of what was told that is right. */
  precision: number
  wrongADay: number
  /** Seconds from the start of an incident until it is told; not a number when none was. */
  medianDelayS: number
  repeated: number
  wrong: number
}

/** @param days that were judged, of all scenarios together. */
export function scoreOf(matches: readonly Match[], days: number): Score {
  const incidents = matches.flatMap((match) => match.incidents)
  const delays = incidents.flatMap(({ delayS }) => delayS ?? [])
  const wrong = matches.flatMap((match) => match.wrong).length
  const found = delays.length
  return {
    planted: incidents.length,
    found,
    recall: found / incidents.length,
    precision: found + wrong === 0 ? 0 : found / (found + wrong),
    wrongADay: wrong / days,
    medianDelayS: found === 0 ? Number.NaN : median(delays),
    repeated: matches.flatMap((match) => match.repeated).length,
    wrong,
  }
}
