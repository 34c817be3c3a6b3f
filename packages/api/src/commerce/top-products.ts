import { z } from '@hono/zod-openapi'
import { maskedInSql } from '../access/mask-people.js'
import { sights } from '../access/sight.js'
import { andGiven } from '../query/conditions.js'
import type { NamedQuery } from '../query/named-query.js'

/** What products can be ordered by. */
export const productOrders = ['views', 'users', 'sessions', 'bought'] as const

const parameters = z.strictObject({
  from_seconds: z.int(),
  to_seconds: z.int(),
  product: z.array(z.string()).optional(),
  order: z.enum(productOrders),
  limit: z.int(),
  sight: z.enum(sights),
})

const amount = (description: string) => z.int().openapi({ description })
const estimate = 'an estimate above some ten thousand'

/** A product, as the API shows it. */
export const topProductSchema = z
  .object({
    product: z.string().openapi({ example: 'prod_815' }),
    views: amount('Events of the action view_page that name it.'),
    users: amount(`Different users of events that name it; ${estimate}.`),
    sessions: amount(`Different sessions of such events; ${estimate}.`),
    bought: amount('Completed checkouts that name it.'),
    conversion: z.number().nullable().openapi({ description: 'bought by sessions; null without sessions.' }),
  })
  .openapi('TopProduct')

/** Interest in products in a range of whole hours. */
export const topProducts: NamedQuery<z.infer<typeof parameters>, z.infer<typeof topProductSchema>> = {
  name: 'top_products',
  parameters,
  row: topProductSchema,
  sql: (given) => {
    const product = maskedInSql('p.product_id', given.sight)
    return `SELECT
  ${product} AS product,
  sum(p.views) AS views,
  uniqMerge(p.users) AS users,
  uniqMerge(p.sessions) AS sessions,
  sum(p.bought) AS bought,
  sum(p.bought) / nullIf(uniqMerge(p.sessions), 0) AS conversion
FROM products_by_hour AS p
WHERE p.hour >= toDateTime({from_seconds:UInt32}, 'UTC')
  AND p.hour < toDateTime({to_seconds:UInt32}, 'UTC')${andGiven({ product: 'p.product_id IN {product:Array(String)}' }, given)}
GROUP BY ${product}
ORDER BY ${given.order} DESC, ${product}
LIMIT {limit:UInt32}`
  },
}
