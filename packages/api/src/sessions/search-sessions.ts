import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import { andGiven } from '../query/conditions.js'
import type { NamedQuery } from '../query/named-query.js'
import { beganInRange, sessionsAround, sessionValues } from './session-rows.js'
import { sessionSchema, sessionSelection } from './session-selection.js'

/** Sessions of the same microsecond are told apart by a hash of their id, so that the order is total. */
const order = '(toUnixTimestamp64Micro(min(s.started)), halfMD5(s.session_id))'

const isOneOf = (value: string, parameter: string): string => `${value} IN {${parameter}:Array(String)}`

const conditions = {
  user: isOneOf(sessionValues.user_id, 'user'),
  device: isOneOf(sessionValues.device, 'device'),
  browser: isOneOf(sessionValues.browser, 'browser'),
  os: isOneOf(sessionValues.os, 'os'),
  referrer: isOneOf(sessionValues.referrer, 'referrer'),
  entry: isOneOf(sessionValues.entry, 'entry'),
  exit: isOneOf(sessionValues.exit, 'exit'),
  converted: `${sessionValues.converted} = {converted:Bool}`,
  min_pages: `${sessionValues.pages} >= {min_pages:Float64}`,
  max_pages: `${sessionValues.pages} <= {max_pages:Float64}`,
  min_errors: `${sessionValues.errors} >= {min_errors:Float64}`,
  min_duration: `${sessionValues.duration_seconds} >= {min_duration:Float64}`,
  after_micros: `${order} < ({after_micros:Int64}, {after_tie:UInt64})`,
} as const

const strings = z.array(z.string()).optional()
const number = z.number().optional()
const parameters = z.strictObject({
  from_micros: z.int(),
  to_micros: z.int(),
  /** Absent when all of them are wanted. */
  limit: z.int().optional(),
  sight: z.enum(sights),
  user: strings,
  device: strings,
  browser: strings,
  os: strings,
  referrer: strings,
  entry: strings,
  exit: strings,
  converted: z.boolean().optional(),
  min_pages: number,
  max_pages: number,
  min_errors: number,
  min_duration: number,
  after_micros: z.int().optional(),
  /** A number of 64 bits, in digits. */
  after_tie: z.string().optional(),
})

const row = sessionSchema.extend({
  /** What tells sessions of the same microsecond apart, a number of 64 bits in digits; no file has it. */
  tie: z.string().optional(),
})

/** A session, and its place among those of the same microsecond. */
export type FoundSession = z.infer<typeof row>

/**
 * The newest sessions that began in a window of time, pass all filters and lie behind the cursor. They are found by what
 * is cheap to read and what is filtered by; only of those on the page everything is read.
 */
export const searchSessions: NamedQuery<z.infer<typeof parameters>, FoundSession> = {
  name: 'search_sessions',
  parameters,
  row,
  sql: (given) => `SELECT
  ${sessionSelection(given.sight)}${given.limit === undefined ? '' : ',\n  toString(halfMD5(s.session_id)) AS tie'}
FROM sessions AS s
WHERE ${sessionsAround}
  AND s.session_id IN (
    SELECT s.session_id
    FROM sessions AS s
    WHERE ${sessionsAround}
    GROUP BY s.session_id
    HAVING ${beganInRange}${andGiven(conditions, given)}${given.limit === undefined ? '' : `\n    ORDER BY ${order} DESC\n    LIMIT {limit:UInt32}`}
  )
GROUP BY s.session_id
ORDER BY ${order} DESC`,
}
