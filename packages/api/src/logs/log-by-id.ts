import { z } from '@hono/zod-openapi'
import { logSchema, type Log } from './log.js'
import { logSelection } from './log-selection.js'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({
  created: z.int(),
  seq: z.int(),
  index: z.int(),
  personal: z.boolean(),
})

/** One log, by its place in the queue: the index by `stream_seq` leaves few granules to read. */
export const logById: NamedQuery<z.infer<typeof parameters>, Log> = {
  name: 'log_by_id',
  parameters,
  row: logSchema,
  sql: ({ personal }) => `SELECT
  ${logSelection(personal)}
FROM logs AS t
WHERE t.stream_created = toDateTime({created:UInt32}, 'UTC')
  AND t.stream_seq = {seq:UInt64}
  AND t.event_index = {index:UInt32}
LIMIT 1`,
}
