import type { Random } from '../random.js'

/** When a server is killed: under inserts, under a forced merge too, while retries run, or before it has come up. */
export const moments = ['load', 'merge', 'retry', 'start'] as const

/** One of them. */
export type Moment = (typeof moments)[number]

/** A kill that is to come. */
export interface Kill {
  moment: Moment
  /** How long after the moment began, in milliseconds. */
  afterMs: number
}

/** Longest waits in milliseconds; a server starts in about 500. */
const longestMs: Record<Moment, number> = { load: 1_200, merge: 600, retry: 100, start: 700 }
const drawnFrom: readonly Moment[] = ['load', 'load', 'load', 'load', 'merge', 'merge', 'retry', 'start']

/** Draws kills; half of them come within the first third of the longest wait. */
export function drawKill(random: Random): Kill {
  const moment = random.pick(drawnFrom)
  return { moment, afterMs: Math.round(longestMs[moment] * random.share() ** 1.6) }
}
