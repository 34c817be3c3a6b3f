import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { exportContent } from '../export/formats.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import { BadParameters, problemResponses } from '../http/problem.js'
import {
  envelopeOf,
  microRangeOf,
  minutesRangeSecondsMax,
  rangeEnvelope,
  resolveWholeRange,
  secondsOf,
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { describe, text, valueCharsMax } from '../parameters/text.js'
import { runQuery, type QueryRun } from '../query/named-query.js'
import { expectations, expectationSchema, watchedSeries } from './expectations.js'

const metricAbsent = 'must name a metric that the detector watches, as events or response_time_p95'

const metric = z
  .string({ error: ({ input }) => (input === undefined ? metricAbsent : 'must be given once') })
  .min(1, metricAbsent)
  .max(valueCharsMax, `must have ${valueCharsMax} characters at the most`)
  .regex(/^\P{Cc}*$/u, 'must not have control characters')
  .openapi({
    description: describe({
      description:
        'What is watched: events, errors, error_ratio, response_time_p50, response_time_p95 and others.',
      example: 'events',
    }),
  })

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/expectations',
  tags: ['Incidents'],
  summary: 'What was expected, and what came, by the minute',
  description:
    'The band of a watched series beside what was observed: of all services together, or of one. A minute that was not ' +
    'judged has no row; minutes are judged when they have ended. Kept for 30 days, at the most 31 days at once.',
  request: {
    query: z.strictObject({
      metric,
      service: text({ description: 'One service; without it, all together.', example: 'checkout' }),
      ...wholeRangeParameters('minute'),
    }),
  },
  responses: {
    200: {
      description: 'The minutes in order, and the range that was really used.',
      content: {
        'application/json': { schema: z.object({ data: z.array(expectationSchema), ...rangeEnvelope }) },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'too-many-rows', 'not-acceptable', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/expectations` */
export function addExpectations(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, metric, service = '' } = context.req.valid('query')
    const range = resolveWholeRange({ from, to }, parts.nowMs(), { secondsMax: minutesRangeSecondsMax })
    const asked = { metric, service, ...secondsOf(range) }
    const run = runOf(parts, context)
    const names = { what: 'expectations', range: microRangeOf(range), run }
    const file = await exportIfAsked(context, expectations, asked, names)
    if (file !== undefined) return file
    const data = await runQuery(expectations, asked, run)
    if (data.length === 0) await checkIsWatched(asked, run)
    return context.json({ data, ...envelopeOf(range, 'expectations') }, 200)
  })
}

/**
 * A mistyped name must not look like a series without minutes. While nothing has been judged, no name is known and none
 * is refused.
 *
 * @throws {BadParameters} naming what is watched.
 */
async function checkIsWatched(asked: { metric: string; service: string }, run: QueryRun): Promise<void> {
  const watched = await runQuery(watchedSeries, {}, run)
  if (watched.length === 0) return
  const found = watched.find(({ metric }) => metric === asked.metric)
  if (found === undefined) {
    const message = `is not watched; the detector watches ${watched.map(({ metric }) => metric).join(', ')}`
    throw new BadParameters([{ parameter: 'metric', message }])
  }
  if (found.services.includes(asked.service)) return
  const named = found.services.filter((name) => name !== '')
  const message = `is not watched by itself; of this metric the detector watches ${named.join(', ') || 'all services together only'}`
  throw new BadParameters([{ parameter: 'service', message }])
}
