import { z } from '@hono/zod-openapi'
import { andGiven } from '../conditions.js'
import type { NamedQuery } from '../named-query.js'
import { sessionEvents, sessionOrder } from './session-order.js'

const strings = z.array(z.string()).optional()
const parameters = z.strictObject({
  from_micros: z.int(),
  to_micros: z.int(),
  page_from: strings,
  page_to: strings,
  limit: z.int(),
})

/** A way from one page to the next, as the API shows it. */
export const pathSchema = z
  .object({
    page_from: z.string().openapi({ description: 'The endpoint that was left.', example: '/home' }),
    page_to: z.string().openapi({
      description: 'The endpoint that came next; it may be the same.',
      example: '/products/{id}',
    }),
    transitions: z.int().openapi({ description: 'How often, in all sessions.' }),
    ratio: z.number().openapi({
      description: 'By all transitions from that page, 0 to 1: how likely this one is.',
    }),
  })
  .openapi('PagePath')

const conditions = {
  page_from: 'page_from IN {page_from:Array(String)}',
  page_to: 'page_to IN {page_to:Array(String)}',
} as const

/**
 * How people go from page to page: pairs of pages that follow each other in a session, the most frequent first. Pages
 * travel as hashes until they are counted, which takes half the time of their names.
 */
export const paths: NamedQuery<z.infer<typeof parameters>, z.infer<typeof pathSchema>> = {
  name: 'paths',
  parameters,
  row: pathSchema,
  sql: (given) => `WITH
pages AS (
  SELECT cityHash64(l.endpoint) AS hash, toString(any(l.endpoint)) AS endpoint
  FROM logs AS l
  WHERE ${sessionEvents}
    AND l.action = 'view_page'
    AND l.endpoint != ''
  GROUP BY hash
),
pairs AS (
  SELECT pair.1 AS before, pair.2 AS after, count() AS times, sum(count()) OVER (PARTITION BY pair.1) AS all_times
  FROM (
    SELECT arrayJoin(arrayZip(arrayPopBack(seen), arrayPopFront(seen))) AS pair
    FROM (
      SELECT arrayMap(view -> view.2, arraySort(groupArray((${sessionOrder}, cityHash64(l.endpoint))))) AS seen
      FROM logs AS l
      WHERE ${sessionEvents}
        AND l.action = 'view_page'
        AND l.endpoint != ''
      GROUP BY l.session_id
    )
  )
  GROUP BY pair.1, pair.2
)
SELECT b.endpoint AS page_from, a.endpoint AS page_to, p.times AS transitions, p.times / p.all_times AS ratio
FROM pairs AS p
INNER JOIN pages AS b ON b.hash = p.before
INNER JOIN pages AS a ON a.hash = p.after
WHERE true${andGiven(conditions, given)}
ORDER BY transitions DESC, page_from, page_to
LIMIT {limit:UInt32}`,
}
