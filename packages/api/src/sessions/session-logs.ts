import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import { logSchema, type Log } from '../logs/log.js'
import { inRange } from '../logs/log-conditions.js'
import { logSelection, newestFirst } from '../logs/log-selection.js'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({
  id: z.string(),
  from_micros: z.int(),
  to_micros: z.int(),
  sight: z.enum(sights),
  limit: z.int(),
})

/** The events of a session, oldest first. */
export const sessionLogs: NamedQuery<z.infer<typeof parameters>, Log> = {
  name: 'session_logs',
  parameters,
  row: logSchema,
  sql: ({ sight }) => `SELECT
  ${logSelection(sight)}
FROM logs AS t
WHERE ${inRange}
  AND t.session_id = {id:String}
ORDER BY ${newestFirst.replaceAll('DESC', 'ASC')}
LIMIT {limit:UInt32}`,
}
