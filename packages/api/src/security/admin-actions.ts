import { z } from '@hono/zod-openapi'
import { logSchema } from '../logs/log.js'
import { andGiven } from '../query/conditions.js'
import { inRange } from '../logs/log-conditions.js'
import { logId, newestFirst, presentedColumn } from '../logs/log-selection.js'
import type { NamedQuery } from '../query/named-query.js'
import { searchConditions, searchParameters } from '../logs/search-logs.js'

const columns = [
  'user_id',
  'ip_address',
  'ip_network',
  'session_id',
  'service',
  'action',
  'http_method',
  'url',
  'status_code',
  'detail',
] as const

/** Something that an administrator did, as the API shows it. */
export const adminActionSchema = logSchema
  .pick({
    id: true,
    timestamp: true,
    user_id: true,
    ip_address: true,
    ip_network: true,
    session_id: true,
    service: true,
    action: true,
    http_method: true,
    url: true,
    status_code: true,
    detail: true,
  })
  .openapi('AdminAction')

const parameters = searchParameters
  .pick({
    from_micros: true,
    to_micros: true,
    sight: true,
    user: true,
    ip: true,
    action: true,
    after_micros: true,
    after_created: true,
    after_seq: true,
    after_index: true,
  })
  .extend({
    /** Absent when all of them are wanted. */
    limit: z.int().optional(),
  })

/** What administrators did, newest first: events of the authentication level admin. */
export const adminActions: NamedQuery<z.infer<typeof parameters>, z.infer<typeof adminActionSchema>> = {
  name: 'admin_actions',
  parameters,
  row: adminActionSchema,
  sql: (given) => `SELECT
  ${[logId, 't.timestamp AS timestamp', ...columns.map((name) => presentedColumn(name, given.sight))].join(',\n  ')}
FROM logs AS t
WHERE ${inRange}
  AND t.auth_level = 'admin'${andGiven(searchConditions(given.sight), given)}
ORDER BY ${newestFirst}${given.limit === undefined ? '' : '\nLIMIT {limit:UInt32}'}`,
}
