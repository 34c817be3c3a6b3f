import { z } from '@hono/zod-openapi'
import { maskedInSql } from '../access/mask-people.js'
import { sights } from '../access/sight.js'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({
  /** Of each span, its start, included, and its end, not included: seconds since 1970. */
  starts: z.array(z.int()),
  ends: z.array(z.int()),
  sight: z.enum(sights),
})

const row = z.object({
  span: z.int(),
  all_services: z.boolean(),
  service: z.string(),
  events: z.int(),
  errors: z.int(),
  response_time_p95: z.number().nullable(),
  users: z.int(),
})

/** What happened in a span, in one service or in all of them. Spans count from 1. */
export type SystemLoadRow = z.infer<typeof row>

/** What happened in some spans of time, by service and in all of them. A span without events has no row. */
export const systemLoads: NamedQuery<z.infer<typeof parameters>, SystemLoadRow> = {
  name: 'system_loads',
  parameters,
  row,
  sql: ({ sight }) => {
    const service = maskedInSql('m.service', sight)
    return `SELECT
  span,
  toBool(grouping(${service}) = 1) AS all_services,
  ${service} AS service,
  sum(m.events) AS events,
  sum(m.errors) AS errors,
  if(sum(m.response_time_count) = 0, NULL, quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(m.response_time_quantiles)[3]) AS response_time_p95,
  uniqMerge(m.users) AS users
FROM services_by_minute AS m
ARRAY JOIN arrayEnumerate({starts:Array(UInt32)}) AS span
WHERE m.minute >= toDateTime(arrayMin({starts:Array(UInt32)}), 'UTC')
  AND m.minute < toDateTime(arrayMax({ends:Array(UInt32)}), 'UTC')
  AND toUnixTimestamp(m.minute) >= {starts:Array(UInt32)}[span]
  AND toUnixTimestamp(m.minute) < {ends:Array(UInt32)}[span]
GROUP BY GROUPING SETS ((span, ${service}), (span))`
  },
}
