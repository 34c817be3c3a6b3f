import { z } from '@hono/zod-openapi'
import { maskedInSql } from '../access/mask-people.js'
import { sights } from '../access/sight.js'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({
  from_seconds: z.int(),
  to_seconds: z.int(),
  limit: z.int(),
  sight: z.enum(sights),
})

/** What a server has to do, as the API shows it. */
export const serverLoadSchema = z
  .object({
    server: z.string().openapi({ description: 'Its address.', example: '10.0.0.12' }),
    events: z.int(),
    events_per_second: z.number(),
    share: z.number().openapi({ description: 'Its events by those of all servers, 0 to 1.' }),
    error_ratio: z.number().openapi({ description: 'Events of level ERROR by events, 0 to 1.' }),
    response_time_p95: z
      .number()
      .nullable()
      .openapi({ description: '95th percentile, milliseconds, within 2 %; null where it was not measured.' }),
  })
  .openapi('ServerLoad')

/** What each server had to do in a range of whole minutes, the busiest first. */
export const serverLoads: NamedQuery<z.infer<typeof parameters>, z.infer<typeof serverLoadSchema>> = {
  name: 'server_loads',
  parameters,
  row: serverLoadSchema,
  sql: ({ sight }) => {
    const server = maskedInSql('f.value', sight)
    return `SELECT
  ${server} AS server,
  sum(f.events) AS events,
  sum(f.events) / ({to_seconds:UInt32} - {from_seconds:UInt32}) AS events_per_second,
  sum(f.events) / sum(sum(f.events)) OVER () AS share,
  sum(f.errors) / sum(f.events) AS error_ratio,
  if(sum(f.response_time_count) = 0, NULL, quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(f.response_time_quantiles)[3]) AS response_time_p95
FROM facets_by_minute AS f
WHERE f.facet = 'server'
  AND f.value != ''
  AND f.minute >= toDateTime({from_seconds:UInt32}, 'UTC')
  AND f.minute < toDateTime({to_seconds:UInt32}, 'UTC')
GROUP BY ${server}
ORDER BY events DESC, ${server}
LIMIT {limit:UInt32}`
  },
}
