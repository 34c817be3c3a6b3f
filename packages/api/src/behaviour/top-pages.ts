import { z } from '@hono/zod-openapi'
import { maskedInSql } from '../access/mask-people.js'
import { sights } from '../access/sight.js'
import type { NamedQuery } from '../query/named-query.js'
import { sessionsBegun } from '../sessions/session-rows.js'

/** What pages can be ordered by. */
export const pageOrders = ['views', 'users', 'entries', 'exits', 'bounces'] as const

const parameters = z.strictObject({
  from_micros: z.int(),
  to_micros: z.int(),
  /** Whole hours within the range, read from the rollup by the hour; where there are none, both are the end. */
  hours_from_seconds: z.int(),
  hours_to_seconds: z.int(),
  order: z.enum(pageOrders),
  limit: z.int(),
  sight: z.enum(sights),
})

/** A page, as the API shows it. */
export const topPageSchema = z
  .object({
    page: z.string().openapi({ description: 'The endpoint.', example: '/products/{id}' }),
    views: z.int().openapi({ description: 'Events of the action view_page.' }),
    users: z.int().openapi({ description: 'Different users; an estimate above some ten thousand.' }),
    entries: z
      .int()
      .openapi({ description: 'Sessions that began in the range and whose first page it was.' }),
    exits: z.int().openapi({ description: 'Such sessions whose last page it was.' }),
    bounces: z.int().openapi({ description: 'Such sessions that saw nothing else: one view.' }),
  })
  .openapi('TopPage')

/**
 * Pages that were looked at in a range of whole minutes. Views are those of the range; entries, exits and bounces are
 * those of sessions that began in it. Whole hours are read by the hour, which is a tenth of the rows.
 */
export const topPages: NamedQuery<z.infer<typeof parameters>, z.infer<typeof topPageSchema>> = {
  name: 'top_pages',
  parameters,
  row: topPageSchema,
  sql: ({ order, sight }) => {
    const page = maskedInSql('p.endpoint', sight)
    return `SELECT
  ${page} AS page,
  sum(p.seen) AS views,
  sum(p.people) AS users,
  sum(p.first) AS entries,
  sum(p.last) AS exits,
  sum(p.only) AS bounces
FROM (
  SELECT toString(v.endpoint) AS endpoint, sum(v.events) AS seen, uniqMerge(v.users) AS people, 0 AS first, 0 AS last, 0 AS only
  FROM (
    SELECT m.endpoint AS endpoint, m.events AS events, m.users AS users
    FROM stats_by_minute AS m
    WHERE m.action = 'view_page'
      AND m.minute >= fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC')
      AND m.minute < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')
      AND (m.minute < toDateTime({hours_from_seconds:UInt32}, 'UTC') OR m.minute >= toDateTime({hours_to_seconds:UInt32}, 'UTC'))
    UNION ALL
    SELECT h.endpoint AS endpoint, h.events AS events, h.users AS users
    FROM stats_by_hour AS h
    WHERE h.action = 'view_page'
      AND h.hour >= toDateTime({hours_from_seconds:UInt32}, 'UTC')
      AND h.hour < toDateTime({hours_to_seconds:UInt32}, 'UTC')
  ) AS v
  GROUP BY v.endpoint
  UNION ALL
  SELECT place.1 AS endpoint, 0 AS seen, 0 AS people, sum(place.2) AS first, sum(place.3) AS last, sum(place.4) AS only
  FROM ${sessionsBegun(['entry', 'exit', 'pages'])} AS t
  ARRAY JOIN [(t.entry, 1, 0, t.pages = 1), (t.exit, 0, 1, 0)] AS place
  WHERE t.pages > 0
  GROUP BY place.1
) AS p
GROUP BY ${page}
HAVING ${page} != ''
ORDER BY ${order} DESC, ${page}
LIMIT {limit:UInt32}`
  },
}
