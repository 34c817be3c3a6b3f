import { z } from '@hono/zod-openapi'
import { maskedInSql } from '../access/mask-people.js'
import { sights } from '../access/sight.js'
import { andGiven } from '../query/conditions.js'
import type { NamedQuery } from '../query/named-query.js'
import { sessionEvents, sessionOrder } from './session-order.js'

const strings = z.array(z.string()).optional()
const parameters = z.strictObject({
  from_micros: z.int(),
  to_micros: z.int(),
  page_from: strings,
  page_to: strings,
  limit: z.int(),
  sight: z.enum(sights),
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

/** The order in the high bits and the page in the low ones: one number is sorted in half the time of a pair. */
const orderAndPage = `bitOr(bitShiftLeft(toUInt128(${sessionOrder}), 64), toUInt128(cityHash64(l.endpoint)))`

const conditions = {
  page_from: 'page_from IN {page_from:Array(String)}',
  page_to: 'page_to IN {page_to:Array(String)}',
} as const

/**
 * How people go from page to page: pairs of pages that follow each other in a session, the most frequent first. Pages
 * and sessions travel as hashes until they are counted, which takes half the time of their names; the names of the
 * pages come from the rollup of the same whole minutes.
 */
export const paths: NamedQuery<z.infer<typeof parameters>, z.infer<typeof pathSchema>> = {
  name: 'paths',
  parameters,
  row: pathSchema,
  sql: (given) => `WITH
pages AS (
  SELECT cityHash64(m.endpoint) AS hash, toString(any(m.endpoint)) AS endpoint
  FROM stats_by_minute AS m
  WHERE m.minute >= fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC')
    AND m.minute < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')
    AND m.action = 'view_page'
  GROUP BY hash
),
pairs AS (
  SELECT pair.1 AS before, pair.2 AS after, count() AS times, sum(count()) OVER (PARTITION BY pair.1) AS all_times
  FROM (
    SELECT arrayJoin(arrayZip(arrayPopBack(seen), arrayPopFront(seen))) AS pair
    FROM (
      SELECT arrayMap(view -> toUInt64(view), arraySort(groupArray(${orderAndPage}))) AS seen
      FROM logs AS l
      WHERE ${sessionEvents}
        AND l.action = 'view_page'
        AND l.endpoint != ''
      GROUP BY cityHash64(l.session_id)
    )
  )
  GROUP BY pair.1, pair.2
)
SELECT ${maskedInSql('b.endpoint', given.sight)} AS page_from, ${maskedInSql('a.endpoint', given.sight)} AS page_to, p.times AS transitions, p.times / p.all_times AS ratio
FROM pairs AS p
INNER JOIN pages AS b ON b.hash = p.before
INNER JOIN pages AS a ON a.hash = p.after
WHERE true${andGiven(conditions, given)}
ORDER BY transitions DESC, page_from, page_to
LIMIT {limit:UInt32}`,
}
