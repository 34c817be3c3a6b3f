import { z } from '@hono/zod-openapi'
import { sights, type Sight } from '../access/sight.js'
import type { Level } from '@pulsehouse/events'
import { logSchema, type Log } from './log.js'
import { andGiven } from '../query/conditions.js'
import { inRange, logConditionParameters, logConditionsFor } from './log-conditions.js'
import type { LogColumn, LogValue } from './log-columns.js'
import { logSelection, newestFirst } from './log-selection.js'
import type { NamedQuery } from '../query/named-query.js'

/** The place behind which a page starts, as a condition. */
const afterCondition = {
  after_micros: `(toUnixTimestamp64Micro(t.timestamp), toUnixTimestamp(t.stream_created), t.stream_seq, t.event_index)
    < ({after_micros:Int64}, {after_created:UInt32}, {after_seq:UInt64}, {after_index:UInt32})`,
} as const

/** Conditions of the search for whoever sees so much of people: the filters, and the place behind which the page starts. */
export function searchConditions(sight: Sight): Readonly<Record<string, string>> {
  return { ...logConditionsFor(sight), ...afterCondition }
}

/** What the search takes; a filter that is absent does not filter. */
export const searchParameters = z.strictObject({
  from_micros: z.int(),
  to_micros: z.int(),
  limit: z.int(),
  sight: z.enum(sights),
  ...logConditionParameters,
  after_micros: z.int().optional(),
  after_created: z.int().optional(),
  after_seq: z.int().optional(),
  after_index: z.int().optional(),
})

/** What the search takes; a filter that is absent does not filter. */
export type SearchLogsParameters = z.infer<typeof searchParameters>

/** An event with the values of its row of `logs`: absent text is '' and an absent code is 0, as `logColumns` says. */
export type StoredLog = { [Column in LogColumn]: LogValue<Column> } & {
  /** Microseconds since 1970. */
  timestamp_micros: number
  level: Level
  attributes: Record<string, string>
  /** Microseconds since 1970. */
  received_micros: number
  stream_created_seconds: number
  stream_seq: number
  event_index: number
}

/** The newest logs of a window of time that pass all filters and lie behind the cursor. */
export const searchLogs: NamedQuery<SearchLogsParameters, Log> = {
  name: 'search_logs',
  parameters: searchParameters,
  row: logSchema,
  sql: (given) => `SELECT
  ${logSelection(given.sight)}
FROM logs AS t
WHERE ${inRange}${andGiven(searchConditions(given.sight), given)}
ORDER BY ${newestFirst}
LIMIT {limit:UInt32}`,
}
