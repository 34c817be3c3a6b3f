import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import { logSchema, type Log } from './log.js'
import { inRange } from './log-conditions.js'
import { logSelection, newestFirst } from './log-selection.js'
import type { NamedQuery } from '../query/named-query.js'

/** What makes logs neighbours, and the column that they have in common. */
const bonds = { session: 'session_id', correlation: 'correlation_id' } as const

const parameters = z.strictObject({
  bond: z.enum(['session', 'correlation']),
  side: z.enum(['before', 'after']),
  value: z.string(),
  from_micros: z.int(),
  to_micros: z.int(),
  at_micros: z.int(),
  at_created: z.int(),
  at_seq: z.int(),
  at_index: z.int(),
  sight: z.enum(sights),
  limit: z.int(),
})

/** What the search for neighbours takes. */
export type LogNeighboursParameters = z.infer<typeof parameters>

/** Logs of the same session or correlation that lie next to a place in the order, the nearest first. */
export const logNeighbours: NamedQuery<LogNeighboursParameters, Log> = {
  name: 'log_neighbours',
  parameters,
  row: logSchema,
  sql: ({ bond, side, sight }) => `SELECT
  ${logSelection(sight)}
FROM logs AS t
WHERE ${inRange}
  AND t.${bonds[bond]} = {value:String}
  AND (toUnixTimestamp64Micro(t.timestamp), toUnixTimestamp(t.stream_created), t.stream_seq, t.event_index)
    ${side === 'before' ? '<' : '>'} ({at_micros:Int64}, {at_created:UInt32}, {at_seq:UInt64}, {at_index:UInt32})
ORDER BY ${side === 'before' ? newestFirst : newestFirst.replaceAll('DESC', 'ASC')}
LIMIT {limit:UInt32}`,
}
