import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import {
  minutesRangeSecondsMax,
  envelopeOf,
  rangeEnvelope,
  resolveWholeRange,
  secondsOf,
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { resolveSeries, seriesEnvelopeOf, shownSeries } from '../stats/minute-series.js'
import { exportContent } from '../export/formats.js'
import { exportSeriesIfAsked } from '../stats/export-series.js'
import { step } from '../parameters/step.js'
import { problemResponses } from '../http/problem.js'
import { commerce, commerceValues, noCommerce } from './commerce.js'
import { runQuery } from '../query/named-query.js'
import { addTopProducts } from './commerce-products-route.js'

const tables = ['carts_by_minute', 'totals_by_minute'] as const

const rowSchema = z
  .object({
    time: z.string().openapi({ description: 'Start of the step, UTC.', example: '2026-03-01T12:00:00Z' }),
    running: z.boolean().openapi({ description: 'Whether the time of the row is not over yet.' }),
    ...commerceValues,
  })
  .openapi('CommerceRow')
const summarySchema = z.object(commerceValues).openapi('CommerceSummary')

const series = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/commerce/series',
  tags: ['Commerce'],
  summary: 'Carts, checkouts and conversion over time',
  description:
    'One row for each step of time that has begun, zeros where nothing happened; time before the first minute that is ' +
    'kept has no row. A session counts in every step in which it has an event. At the most 31 days.',
  request: { query: z.strictObject({ ...wholeRangeParameters('minute'), step }) },
  responses: {
    200: {
      description: 'Rows in the order of time, and the range that was really used.',
      content: {
        'application/json': {
          schema: z.object({ data: z.array(rowSchema), ...rangeEnvelope, step_seconds: z.int() }),
        },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'not-acceptable', 'unavailable', 'time-limit'),
  },
})

const summary = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/commerce/summary',
  tags: ['Commerce'],
  summary: 'Carts, checkouts and conversion of a time range',
  description: 'At the most 31 days.',
  request: { query: z.strictObject(wholeRangeParameters('minute')) },
  responses: {
    200: {
      description: 'One row, and the range that was really used.',
      content: { 'application/json': { schema: z.object({ data: summarySchema, ...rangeEnvelope }) } },
    },
    ...problemResponses('bad-parameters', 'unavailable', 'time-limit'),
  },
})

/** What is bought: `GET /v1/commerce/…` */
export function addCommerce(app: Api, parts: ApiParts): void {
  app.openapi(series, async (context) => {
    const nowMs = parts.nowMs()
    const asked = resolveSeries(context.req.valid('query'), nowMs)
    const run = runOf(parts, context)
    const given = { ...secondsOf(asked.range), step_seconds: asked.stepSeconds }
    const file = { what: 'commerce', query: commerce, given, stepSeconds: asked.stepSeconds }
    const exported = await exportSeriesIfAsked(parts, context, file)
    if (exported !== undefined) return exported
    const rows = await runQuery(commerce, given, run)
    const data = await shownSeries(asked, rows, noCommerce, { run, nowMs, history: parts.history })
    return context.json({ data, ...seriesEnvelopeOf(asked, ...tables) }, 200)
  })
  app.openapi(summary, async (context) => {
    const range = resolveWholeRange(context.req.valid('query'), parts.nowMs(), {
      secondsMax: minutesRangeSecondsMax,
    })
    const [row] = await runQuery(commerce, secondsOf(range), runOf(parts, context))
    const { time_seconds: _, ...data } = { time_seconds: 0, ...noCommerce, ...row }
    return context.json({ data, ...envelopeOf(range, ...tables) }, 200)
  })
  addTopProducts(app, parts)
}
