import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { rangeEnvelope, secondsOf, wholeRangeParameters } from '../parameters/minute-range.js'
import { resolveSeries, seriesEnvelopeOf, shownSeries } from '../stats/minute-series.js'
import { exportContent } from '../export/formats.js'
import { exportSeriesIfAsked } from '../stats/export-series.js'
import { step } from '../parameters/step.js'
import { problemResponses } from '../http/problem.js'
import { runQuery } from '../query/named-query.js'
import { logins, loginValues } from './logins.js'

const rowSchema = z
  .object({
    time: z.string().openapi({ description: 'Start of the step, UTC.', example: '2026-03-01T12:00:00Z' }),
    running: z.boolean().openapi({ description: 'Whether the time of the row is not over yet.' }),
    ...loginValues,
  })
  .openapi('LoginsRow')

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/security/logins',
  tags: ['Security'],
  summary: 'Logins over time: succeeded, failed, and from how many',
  description:
    'One row for each step of time that has begun, zeros where nobody logged in; time before the first minute that is ' +
    'kept has no row. Logins that ended otherwise, as with 500, count as neither. At the most 31 days.',
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

const nothing = { succeeded: 0, failed: 0, failure_ratio: null, users_failed: 0, addresses_failed: 0 }

/** `GET /v1/security/logins` */
export function addLogins(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const nowMs = parts.nowMs()
    const series = resolveSeries(context.req.valid('query'), nowMs)
    const run = runOf(parts, context)
    const asked = { ...secondsOf(series.range), step_seconds: series.stepSeconds }
    const file = { what: 'logins', query: logins, given: asked, stepSeconds: series.stepSeconds }
    const exported = await exportSeriesIfAsked(parts, context, file)
    if (exported !== undefined) return exported
    const rows = await runQuery(logins, asked, run)
    const data = await shownSeries(series, rows, nothing, { run, nowMs, history: parts.history })
    return context.json({ data, ...seriesEnvelopeOf(series, 'security_by_minute') }, 200)
  })
}
