import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { exportContent } from '../export/formats.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import {
  envelopeOf,
  microRangeOf,
  microsOf,
  rangeEnvelope,
  resolveWholeRange,
  wholeHoursOf,
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { choice, wholeNumber } from '../parameters/text.js'
import { problemResponses } from '../http/problem.js'
import { pageOrders, topPages, topPageSchema } from './top-pages.js'
import { runQuery } from '../query/named-query.js'

/** Pages are counted for this long at the most, seconds. */
const rangeSecondsMax = 31 * 86_400

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/behaviour/pages',
  tags: ['Behaviour'],
  summary: 'Top pages: views, users, entries, exits, bounces',
  description:
    'Pages are endpoints of the action view_page. Views and users are those of the range; entries, exits and bounces are those of ' +
    'sessions that began in it. At the most 31 days.',
  request: {
    query: z.strictObject({
      ...wholeRangeParameters('minute'),
      order: choice(pageOrders, {
        description: 'What the most of comes first. For example `views`.',
        fallback: 'views',
      }),
      limit: wholeNumber({ description: 'Pages at the most.', min: 1, max: 1_000, fallback: 50 }),
    }),
  },
  responses: {
    200: {
      description: 'The pages, and the range that was really used.',
      content: {
        'application/json': { schema: z.object({ data: z.array(topPageSchema), ...rangeEnvelope }) },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'not-acceptable', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/behaviour/pages` */
export function addTopPages(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { order, limit, ...given } = context.req.valid('query')
    const range = resolveWholeRange(given, parts.nowMs(), { secondsMax: rangeSecondsMax })
    const hours = wholeHoursOf(range)
    const asked = {
      ...microsOf(range),
      hours_from_seconds: hours.fromSeconds,
      hours_to_seconds: hours.toSeconds,
      order,
      limit,
      sight: sightOf(context, parts),
    }
    const run = runOf(parts, context)
    const file = await exportIfAsked(context, topPages, asked, {
      what: 'pages',
      range: microRangeOf(range),
      run,
    })
    if (file !== undefined) return file
    const data = await runQuery(topPages, asked, run)
    return context.json({ data, ...envelopeOf(range, 'stats_by_hour', 'stats_by_minute', 'sessions') }, 200)
  })
}
