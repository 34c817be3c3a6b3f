import { createRoute, z } from '@hono/zod-openapi'
import { demand, needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { listResponses } from '../export/list-responses.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import { positionOf } from '../logs/log-identity.js'
import { newestInWindows } from '../query/newest-in-windows.js'
import { fingerprintOf, openCursor } from '../parameters/page-cursor.js'
import type { RowPosition } from '../parameters/cursor.js'
import { textList } from '../parameters/lists.js'
import { givenText, wholeNumber } from '../parameters/text.js'
import { moment, resolveRange } from '../parameters/time.js'
import { runQuery } from '../query/named-query.js'
import { adminActions, adminActionSchema } from './admin-actions.js'
import { lookups } from '../logs/stored-filters.js'

/** An event may be dated a day ahead of its arrival; without an end, none of them is left out. Microseconds. */
const defaultToMicros = 86_400_000_000

const person = 'In clear or as the pseudonym that is stored; asks for a key with the role `personal`.'
const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/security/admin-actions',
  tags: ['Security'],
  summary: 'What administrators did, newest first',
  description:
    'Events of the authentication level admin: who did what when. `GET /v1/logs/{id}` has the whole event. A key without ' +
    'the role `personal` sees no users and no addresses. Pages follow each other by `cursor`.',
  request: {
    query: z.strictObject({
      from: moment({
        description: 'Start of the time range, included',
        example: '-24h',
        fallback: 'a day before its end, or before now',
      }),
      to: moment({
        description: 'End of the time range, not included',
        example: 'now',
        fallback: 'a day from now, so that no event is left out whose clock runs ahead',
      }),
      user: textList({ description: `Users, separated by commas. ${person}`, example: 'user_1042' }),
      ip: textList({ description: `Addresses, separated by commas. ${person}`, example: '203.0.113.7' }),
      action: textList({ description: 'Actions, separated by commas.', example: 'submit_form' }),
      limit: wholeNumber({ description: 'Events of a page at the most.', min: 1, max: 1_000, fallback: 100 }),
      cursor: givenText.optional().openapi({
        description:
          '`next_cursor` of the page before. It stands for the time range of the first page; the filters must be the ' +
          'same. For example `AQ7J`.',
      }),
    }),
  },
  responses: listResponses(adminActionSchema, 'events', 'logs'),
})

/** `GET /v1/security/admin-actions` */
export function addAdminActions(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, limit, cursor, ...filters } = context.req.valid('query')
    if (filters.user !== undefined || filters.ip !== undefined) demand(context, 'personal')
    const search = fingerprintOf('admin-actions', filters)
    const at = cursor === undefined ? undefined : openCursor(parts.cursors, cursor, search)
    const range = at?.range ?? resolveRange({ from, to }, parts.nowMs(), defaultToMicros)
    const sought = {
      user: lookups(filters.user, (value) => parts.protection.user(value)),
      ip: lookups(filters.ip, (value) => parts.protection.ip(value)),
      action: filters.action,
      sight: sightOf(context, parts),
      ...(at === undefined ? {} : afterOf(at.after)),
    }
    // The first line behind the cursor may have its very microsecond.
    const rest = { ...range, toMicros: Math.min(range.toMicros, (at?.after.timestampMicros ?? Infinity) + 1) }
    const run = runOf(parts, context)
    const whole = { ...sought, from_micros: rest.fromMicros, to_micros: rest.toMicros }
    const names = { what: 'admin-actions', range: rest, run }
    const file = await exportIfAsked(context, adminActions, whole, names)
    if (file !== undefined) return file
    // One more than the page, to know whether there is a next one.
    const rows = await newestInWindows(
      async (window, within) => await runQuery(adminActions, { ...sought, ...window }, within),
      { range: rest, limit: limit + 1, run, nowMs: parts.nowMs() },
    )
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    const next = last === undefined ? null : parts.cursors.encode({ after: positionOf(last), range }, search)
    return context.json({ data: page, next_cursor: next, tables: ['logs'] }, 200)
  })
}

function afterOf(after: RowPosition) {
  return {
    after_micros: after.timestampMicros,
    after_created: after.streamCreatedSeconds,
    after_seq: after.streamSeq,
    after_index: after.eventIndex,
  }
}
