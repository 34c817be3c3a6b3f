import { z } from '@hono/zod-openapi'
import { minuteSeconds } from './step.js'
import { moment, resolveRange, type TimeRange } from './time.js'
import { BadParameters } from '../http/problem.js'

/** Questions to rollups by the minute reach back so far at the most, seconds: a row a minute fits into one answer. */
export const minutesRangeSecondsMax = 31 * 86_400

/** Whole minutes, hours or days, seconds since 1970: the start is included and the end is not. */
export interface WholeRange {
  fromSeconds: number
  toSeconds: number
}

/** `from` and `to` of what is told of whole minutes, hours or days. */
export function wholeRangeParameters(whole: 'minute' | 'hour' | 'day') {
  return {
    from: moment({
      description: `Start of the time range, brought back to the whole ${whole} in UTC`,
      example: '-24h',
      fallback: 'a day before its end',
    }),
    to: moment({
      description: `End of the time range, brought forward to the whole ${whole} in UTC, not included`,
      example: 'now',
      fallback: `now, with the ${whole} that is still filling`,
    }),
  }
}

const schema = z.object(wholeRangeParameters('minute'))

/**
 * The range that `from` and `to` mean, brought outwards to whole grains.
 *
 * @param limits how long a grain and the longest range are, seconds.
 * @throws {BadParameters} when it is longer than that.
 */
export function resolveWholeRange(
  given: z.output<typeof schema>,
  nowMs: number,
  { grainSeconds = minuteSeconds, secondsMax }: { grainSeconds?: number; secondsMax: number },
): WholeRange {
  const range = resolveRange(given, nowMs, 0)
  const grainMicros = grainSeconds * 1e6
  const fromSeconds = Math.floor(range.fromMicros / grainMicros) * grainSeconds
  const toSeconds = Math.ceil(range.toMicros / grainMicros) * grainSeconds
  // The two ends are rounded away from each other.
  if (toSeconds - fromSeconds > secondsMax + 2 * grainSeconds) {
    const message = `must lie ${secondsMax / 86_400} days before the end at the most: choose a shorter range`
    throw new BadParameters([{ parameter: 'from', message }])
  }
  return { fromSeconds, toSeconds }
}

/** The range in microseconds. */
export function microRangeOf({ fromSeconds, toSeconds }: WholeRange): TimeRange {
  return { fromMicros: fromSeconds * 1e6, toMicros: toSeconds * 1e6 }
}

/** The whole hours within a range; where there are none, both ends are the end of the range. */
export function wholeHoursOf({ fromSeconds, toSeconds }: WholeRange): WholeRange {
  const first = Math.ceil(fromSeconds / 3600) * 3600
  const last = Math.floor(toSeconds / 3600) * 3600
  return first < last ? { fromSeconds: first, toSeconds: last } : { fromSeconds: toSeconds, toSeconds }
}

/** What queries of sessions and logs take for a range. */
export function microsOf({ fromSeconds, toSeconds }: WholeRange) {
  return { from_micros: fromSeconds * 1e6, to_micros: toSeconds * 1e6 }
}

/** What queries of rollups take for a range. */
export function secondsOf({ fromSeconds, toSeconds }: WholeRange) {
  return { from_seconds: fromSeconds, to_seconds: toSeconds }
}

const time = z.string().openapi({ example: '2026-03-01T12:00:00Z' })

/** What an answer about a range says beside its data. */
export const rangeEnvelope = {
  from: time.openapi({ description: 'Start that was used, included.' }),
  to: time.openapi({ description: 'End that was used, not included.' }),
  tables: z.array(z.string()).openapi({ description: 'What was read.', example: ['sessions'] }),
}

/** A time as the answers show it. @param seconds since 1970. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/** Says which range and which tables an answer is from. */
export function envelopeOf({ fromSeconds, toSeconds }: WholeRange, ...tables: string[]) {
  return { from: isoOf(fromSeconds), to: isoOf(toSeconds), tables }
}
