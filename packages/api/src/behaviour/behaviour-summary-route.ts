import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import {
  envelopeOf,
  microsOf,
  rangeEnvelope,
  resolveWholeRange,
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { problemResponses } from '../http/problem.js'
import { behaviourSummary, behaviourSummarySchema } from './behaviour-summary.js'
import { theOnlyRow } from '../query/only-row.js'
import { runQuery } from '../query/named-query.js'

/** Sessions are read for this long at the most, seconds. */
const rangeSecondsMax = 31 * 86_400

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/behaviour/summary',
  tags: ['Behaviour'],
  summary: 'Active users, sessions, bounces, duration, conversion',
  description:
    'At the most 31 days. Users are those with an event in the range, sessions those that began in it.',
  request: { query: z.strictObject(wholeRangeParameters('minute')) },
  responses: {
    200: {
      description: 'One row, and the range that was really used.',
      content: {
        'application/json': { schema: z.object({ data: behaviourSummarySchema, ...rangeEnvelope }) },
      },
    },
    ...problemResponses('bad-parameters', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/behaviour/summary` */
export function addBehaviourSummary(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const range = resolveWholeRange(context.req.valid('query'), parts.nowMs(), {
      secondsMax: rangeSecondsMax,
    })
    const rows = await runQuery(behaviourSummary, microsOf(range), runOf(parts, context))
    const data = theOnlyRow(behaviourSummary, rows)
    return context.json({ data, ...envelopeOf(range, 'sessions', 'totals_by_minute') }, 200)
  })
}
