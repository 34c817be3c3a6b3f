import { createRoute, z } from '@hono/zod-openapi'
import { demand, needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { positionOf } from './log-identity.js'
import { logSchema } from './log.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import { exportContent } from '../export/formats.js'
import { exportLimits, orderedRowsMax } from '../export/limits.js'
import type { Cursor } from '../parameters/cursor.js'
import { fingerprintOf, openCursor } from '../parameters/page-cursor.js'
import { checkBounds, logFilters } from '../parameters/log-filters.js'
import { wholeNumber, givenText } from '../parameters/text.js'
import { moment, resolveRange } from '../parameters/time.js'
import { problemResponses } from '../http/problem.js'
import { newestInWindows } from '../query/newest-in-windows.js'
import { runQuery } from '../query/named-query.js'
import { logExport } from './log-export.js'
import { storedFilters } from './stored-filters.js'
import { searchLogs } from './search-logs.js'

/** An event may be dated a day ahead of its arrival; without an end, none of them is left out. Microseconds. */
const defaultToMicros = 86_400_000_000

const query = z.strictObject({
  from: moment({
    description: 'Start of the time range, included',
    example: '-1h',
    fallback: 'a day before its end, or before now',
  }),
  to: moment({
    description: 'End of the time range, not included',
    example: 'now',
    fallback: 'a day from now, so that no event is left out whose clock runs ahead',
  }),
  ...logFilters,
  limit: wholeNumber({ description: 'Rows of a page at the most.', min: 1, max: 1_000, fallback: 100 }),
  cursor: givenText.optional().openapi({
    description:
      '`next_cursor` of the page before. It stands for the time range of the first page, so `from` and `to` change ' +
      'nothing beside it; the filters must be the same. For example `AQ7J`.',
  }),
})

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/logs',
  tags: ['Logs'],
  summary: 'Log events, newest first',
  description:
    'Events of a time range that pass all given filters, newest first. Pages follow each other by `cursor`: no event is ' +
    'repeated and none is skipped, also where many have the same timestamp or others arrive in between. By `Accept` all ' +
    'of them come as one file, NDJSON, CSV or Parquet, whatever `limit` says: at the most ' +
    `${exportLimits.rows} rows within ${exportLimits.timeSeconds} seconds. Up to ${orderedRowsMax} rows are in the order of the list, more ` +
    'in the order in which they are stored. In CSV, what is absent is empty and an object is its JSON.',
  request: { query },
  responses: {
    200: {
      description: 'A page of events. `next_cursor` is null on the last one.',
      content: {
        'application/json': {
          schema: z.object({ data: z.array(logSchema), next_cursor: z.string().nullable() }),
        },
        ...exportContent,
      },
    },
    ...problemResponses(
      'bad-parameters',
      'too-many-rows',
      'forbidden',
      'not-acceptable',
      'unavailable',
      'time-limit',
    ),
  },
})

/** `GET /v1/logs` */
export function addLogs(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, limit, cursor, ...filters } = context.req.valid('query')
    if (filters.user !== undefined || filters.ip !== undefined) demand(context, 'personal')
    checkBounds(filters)
    const search = fingerprintOf('logs', filters)
    const at = cursor === undefined ? undefined : openCursor(parts.cursors, cursor, search)
    const range = at?.range ?? resolveRange({ from, to }, parts.nowMs(), defaultToMicros)
    const run = runOf(parts, context)
    const sought = {
      ...storedFilters(filters, parts.protection),
      sight: sightOf(context, parts),
      ...(at === undefined ? {} : afterOf(at)),
    }
    // The first line behind the cursor may have its very microsecond.
    const rest = { ...range, toMicros: Math.min(range.toMicros, (at?.after.timestampMicros ?? Infinity) + 1) }
    const whole = { ...sought, from_micros: rest.fromMicros, to_micros: rest.toMicros }
    const file = await exportIfAsked(context, logExport, whole, { what: 'logs', range: rest, run })
    if (file !== undefined) return file
    // One more than the page, to know whether there is a next one.
    const rows = await newestInWindows(
      async (window, within) => await runQuery(searchLogs, { ...sought, ...window }, within),
      { range: rest, limit: limit + 1, run, nowMs: parts.nowMs() },
    )
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    const next = last === undefined ? null : parts.cursors.encode({ after: positionOf(last), range }, search)
    return context.json({ data: page, next_cursor: next }, 200)
  })
}

function afterOf({ after }: Cursor) {
  return {
    after_micros: after.timestampMicros,
    after_created: after.streamCreatedSeconds,
    after_seq: after.streamSeq,
    after_index: after.eventIndex,
  }
}
