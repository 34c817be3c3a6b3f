import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { exportContent } from '../export/formats.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import {
  envelopeOf,
  microRangeOf,
  rangeEnvelope,
  resolveWholeRange,
  secondsOf,
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { textList } from '../parameters/lists.js'
import { choice, wholeNumber } from '../parameters/text.js'
import { problemResponses } from '../http/problem.js'
import { productOrders, topProducts, topProductSchema } from './top-products.js'
import { runQuery } from '../query/named-query.js'

const hourSeconds = 3_600
/** Rollups by hour are kept for longer; this is what one answer reads, seconds. */
const rangeSecondsMax = 92 * 86_400

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/commerce/products',
  tags: ['Commerce'],
  summary: 'Top products: views, users, bought, conversion',
  description: 'Kept by the hour, so that the range is brought to whole hours. At the most 92 days.',
  request: {
    query: z.strictObject({
      ...wholeRangeParameters('hour'),
      product: textList({ description: 'Only these products.', example: 'prod_815' }),
      order: choice(productOrders, {
        description: 'What the most of comes first. For example `views`.',
        fallback: 'views',
      }),
      limit: wholeNumber({ description: 'Products at the most.', min: 1, max: 10_000, fallback: 50 }),
    }),
  },
  responses: {
    200: {
      description: 'The products, and the range that was really used.',
      content: {
        'application/json': { schema: z.object({ data: z.array(topProductSchema), ...rangeEnvelope }) },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'not-acceptable', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/commerce/products` */
export function addTopProducts(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, ...given } = context.req.valid('query')
    const limits = { grainSeconds: hourSeconds, secondsMax: rangeSecondsMax }
    const range = resolveWholeRange({ from, to }, parts.nowMs(), limits)
    const asked = { ...given, ...secondsOf(range), sight: sightOf(context, parts) }
    const run = runOf(parts, context)
    const names = { what: 'products', range: microRangeOf(range), run }
    const file = await exportIfAsked(context, topProducts, asked, names)
    if (file !== undefined) return file
    const data = await runQuery(topProducts, asked, run)
    return context.json({ data, ...envelopeOf(range, 'products_by_hour') }, 200)
  })
}
