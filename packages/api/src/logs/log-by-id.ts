import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import { logSchema } from './log.js'
import { logSelection } from './log-selection.js'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({
  created: z.int(),
  seq: z.int(),
  index: z.int(),
  sight: z.enum(sights),
})

const row = logSchema.extend({
  /** What its neighbours have in common with it, as it is stored: never shown, since it may name a person. */
  bonds: z.object({ session: z.string(), correlation: z.string() }),
})

/** A log, and what its neighbours have in common with it. */
export type BondedLog = z.infer<typeof row>

/** One log, by its place in the queue: the index by `stream_seq` leaves few granules to read. */
export const logById: NamedQuery<z.infer<typeof parameters>, BondedLog> = {
  name: 'log_by_id',
  parameters,
  row,
  sql: ({ sight }) => `SELECT
  ${logSelection(sight)},
  CAST((t.session_id, t.correlation_id), 'Tuple(session String, correlation String)') AS bonds
FROM logs AS t
WHERE t.stream_created = toDateTime({created:UInt32}, 'UTC')
  AND t.stream_seq = {seq:UInt64}
  AND t.event_index = {index:UInt32}
LIMIT 1`,
}
