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
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { textList } from '../parameters/lists.js'
import { wholeNumber } from '../parameters/text.js'
import { problemResponses } from '../http/problem.js'
import { paths, pathSchema } from './paths.js'
import { runQuery } from '../query/named-query.js'

/** Events are read for this long at the most, seconds. */
const rangeSecondsMax = 7 * 86_400

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/behaviour/paths',
  tags: ['Behaviour'],
  summary: 'From which page people go to which',
  description:
    'Pages are endpoints of the action view_page. A transition is two of them that follow each other in a session, both ' +
    'within the range; the page may be the same. Views of the same microsecond are ordered by their place in the queue. At the most 7 days.',
  request: {
    query: z.strictObject({
      ...wholeRangeParameters('minute'),
      page_from: textList({ description: 'Only from these pages.', example: '/home' }),
      page_to: textList({ description: 'Only to these pages.', example: '/checkout' }),
      limit: wholeNumber({ description: 'Transitions at the most.', min: 1, max: 1_000, fallback: 50 }),
    }),
  },
  responses: {
    200: {
      description: 'The most frequent transitions, and the range that was really used.',
      content: {
        'application/json': { schema: z.object({ data: z.array(pathSchema), ...rangeEnvelope }) },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'not-acceptable', 'unavailable', 'time-limit', 'memory-limit'),
  },
})

/** `GET /v1/behaviour/paths` */
export function addPaths(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, ...given } = context.req.valid('query')
    const range = resolveWholeRange({ from, to }, parts.nowMs(), { secondsMax: rangeSecondsMax })
    const asked = { ...given, ...microsOf(range), sight: sightOf(context, parts) }
    const run = runOf(parts, context)
    const file = await exportIfAsked(context, paths, asked, {
      what: 'paths',
      range: microRangeOf(range),
      run,
    })
    if (file !== undefined) return file
    const data = await runQuery(paths, asked, run)
    return context.json({ data, ...envelopeOf(range, 'logs', 'stats_by_minute') }, 200)
  })
}
