import { z } from '@hono/zod-openapi'
import { parseDurationSeconds } from './time.js'
import { givenText } from './text.js'

/** The statistics are kept by the minute, seconds. */
export const minuteSeconds = 60
/** Steps are counted from 1970 in UTC; up to a day, that is also how people count them. */
const stepSecondsMax = 86_400

/** How long the time of one row is, in seconds. */
export const step = givenText
  .transform((text, context) => {
    const seconds = parseDurationSeconds(text) ?? 0
    if (seconds >= minuteSeconds && seconds <= stepSecondsMax && seconds % minuteSeconds === 0) return seconds
    context.addIssue({
      code: 'custom',
      message: 'must be whole minutes up to a day, in seconds or like 1m, 5m, 1h, 1d',
    })
    return z.NEVER
  })
  .default(minuteSeconds)
  .openapi({
    type: 'string',
    description:
      'How long the time of one row is: seconds (`300`), or `1m`, `5m`, `1h`, `1d`; whole minutes, at the most a day. ' +
      'Rows start at multiples of it since 1970-01-01T00:00:00Z.',
    default: '1m' as never,
    example: '5m',
  })
