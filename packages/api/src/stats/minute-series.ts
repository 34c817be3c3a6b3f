import type { QueryRun } from '../query/named-query.js'
import {
  minutesRangeSecondsMax,
  envelopeOf,
  resolveWholeRange,
  type WholeRange,
} from '../parameters/minute-range.js'
import type { History } from './history.js'
import { fillSteps, shownSteps, stepGroupsOf, stepsOf } from './steps.js'

/** A series that was asked for: whole minutes, in steps. */
export interface MinuteSeries {
  range: WholeRange
  stepSeconds: number
}

/** What `from`, `to` and `step` mean: whole steps. @throws {BadParameters} when that is too long; a row a minute fits into one answer. */
export function resolveSeries(
  { step: stepSeconds, ...given }: Parameters<typeof resolveWholeRange>[0] & { step: number },
  nowMs: number,
): MinuteSeries {
  const range = resolveWholeRange(given, nowMs, {
    grainSeconds: stepSeconds,
    secondsMax: minutesRangeSecondsMax,
  })
  return { range, stepSeconds }
}

/**
 * The rows of a series as the API shows them: with a row of zeros for each step in which nothing happened, except before
 * the first minute that is kept, where nothing is known.
 */
export async function shownSeries<Row extends { time_seconds: number }>(
  { range, stepSeconds }: MinuteSeries,
  rows: readonly Row[],
  nothing: Omit<Row, 'time_seconds'>,
  { run, nowMs, history }: { run: QueryRun; nowMs: number; history: History },
) {
  const { minute } = await history.firstTimes(run, range.fromSeconds)
  const nowSeconds = nowMs / 1000
  const known = { fromSeconds: Math.max(range.fromSeconds, minute), toSeconds: range.toSeconds }
  const emptyRow = (time_seconds: number): Row => ({ ...nothing, time_seconds }) as Row
  const steps = stepsOf(known, stepSeconds, nowSeconds)
  const filled = fillSteps(rows, steps, stepGroupsOf(rows, undefined), emptyRow)
  return shownSteps(filled, { stepSeconds, toSeconds: range.toSeconds, nowSeconds })
}

/** What the answer of a series says beside its data. */
export function seriesEnvelopeOf({ range, stepSeconds }: MinuteSeries, ...tables: string[]) {
  return { ...envelopeOf(range, ...tables), step_seconds: stepSeconds }
}
