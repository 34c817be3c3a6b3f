import { createRoute, z } from '@hono/zod-openapi'
import { demand, needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { listResponses } from '../export/list-responses.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import { newestInWindows } from '../query/newest-in-windows.js'
import { afterHashed, hashedPosition } from '../parameters/hashed-position.js'
import { fingerprintOf, openCursor } from '../parameters/page-cursor.js'
import { textList } from '../parameters/lists.js'
import { measure } from '../parameters/measure.js'
import { givenText, wholeNumber } from '../parameters/text.js'
import { moment, resolveRange } from '../parameters/time.js'
import { BadParameters } from '../http/problem.js'
import { runQuery } from '../query/named-query.js'
import { searchSessions, type FoundSession } from './search-sessions.js'
import { sessionReachHours } from './session-rows.js'
import { sessionSchema, type Session } from './session-selection.js'
import { lookups } from '../logs/stored-filters.js'

/** An event may be dated a day ahead of its arrival; without an end, no session is left out. Microseconds. */
const defaultToMicros = 86_400_000_000

const list = (what: string, example: string) =>
  textList({ description: `${what}, several separated by commas.`, example })

const filters = {
  user: list(
    'Users, in clear or as the pseudonyms that are stored; asks for a key with the role `personal`',
    'user_1042',
  ),
  device: list('Kinds of device', 'mobile,tablet'),
  browser: list('Browsers', 'Chrome,Firefox'),
  os: list('Operating systems', 'Android,iOS'),
  referrer: list('Domains that sessions came from', 'google.com'),
  entry: list('Endpoints of the first page', '/home'),
  exit: list('Endpoints of the last page', '/checkout'),
  converted: givenText
    .pipe(z.enum(['true', 'false'], { error: 'takes only true, false' }))
    .transform((text) => text === 'true')
    .optional()
    .openapi({
      type: 'boolean',
      description: 'Whether a checkout was completed. For example `true`.',
    }),
  min_pages: measure({ description: 'So many pages at least.', example: '2' }),
  max_pages: measure({ description: 'So many pages at the most.', example: '20' }),
  min_errors: measure({ description: 'So many errors at least.', example: '1' }),
  min_duration: measure({
    description: 'So many seconds at least from the first event to the last.',
    example: '60',
  }),
}

const query = z.strictObject({
  from: moment({
    description: 'Sessions that began at this time or later',
    example: '-1h',
    fallback: 'a day before its end, or before now',
  }),
  to: moment({
    description: 'Sessions that began before this time',
    example: 'now',
    fallback: 'a day from now, so that no session is left out whose clock runs ahead',
  }),
  ...filters,
  limit: wholeNumber({ description: 'Sessions of a page at the most.', min: 1, max: 1_000, fallback: 100 }),
  cursor: givenText.optional().openapi({
    description:
      '`next_cursor` of the page before. It stands for the time range of the first page; the filters must be the same. ' +
      'For example `AQ7J`.',
  }),
})

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/sessions',
  tags: ['Behaviour'],
  summary: 'Sessions, newest first',
  description:
    'Sessions that began in a time range and pass all given filters. Pages follow each other by `cursor`, also where ' +
    `sessions began in the same microsecond. What of a session lies more than ${sessionReachHours} hours outside of the range ` +
    'is not counted: a session that goes on after a longer pause is another one. By `Accept` all of them come as one file, whatever `limit` says.',
  request: { query },
  responses: listResponses(sessionSchema, 'sessions', 'sessions'),
})

/** `GET /v1/sessions` */
export function addSessions(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, limit, cursor, ...given } = context.req.valid('query')
    if (given.user !== undefined) demand(context, 'personal')
    checkPages(given)
    const search = fingerprintOf('sessions', given)
    const at = cursor === undefined ? undefined : openCursor(parts.cursors, cursor, search)
    const range = at?.range ?? resolveRange({ from, to }, parts.nowMs(), defaultToMicros)
    const sought = {
      ...given,
      user: lookups(given.user, (value) => parts.protection.user(value)),
      sight: sightOf(context, parts),
      ...(at === undefined ? {} : afterHashed(at.after)),
    }
    // The first session behind the cursor may have its very microsecond.
    const rest = { ...range, toMicros: Math.min(range.toMicros, (at?.after.timestampMicros ?? Infinity) + 1) }
    const run = runOf(parts, context)
    const whole = { ...sought, from_micros: rest.fromMicros, to_micros: rest.toMicros }
    const file = await exportIfAsked(context, searchSessions, whole, { what: 'sessions', range: rest, run })
    if (file !== undefined) return file
    // One more than the page, to know whether there is a next one.
    const rows = await newestInWindows(
      async (window, run) => await runQuery(searchSessions, { ...sought, ...window }, run),
      { range: rest, limit: limit + 1, run, nowMs: parts.nowMs() },
    )
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    const next =
      last === undefined ? null : parts.cursors.encode({ after: hashedPosition(last), range }, search)
    const data = page.map(withoutTie)
    return context.json({ data, next_cursor: next, tables: ['sessions'] }, 200)
  })
}

function withoutTie(found: FoundSession): Session {
  const { tie: _, ...session } = found
  return session
}

function checkPages(given: { min_pages?: number | undefined; max_pages?: number | undefined }): void {
  if ((given.min_pages ?? 0) <= (given.max_pages ?? Infinity)) return
  throw new BadParameters([{ parameter: 'min_pages', message: 'must not lie above max_pages' }])
}
