import { z } from '@hono/zod-openapi'
import { levels } from '@pulsehouse/events'
import { andGiven, sharedConditions, sharedFilters } from './conditions.js'
import { logColumnNames, logColumns, type LogColumn, type LogValue } from './log-columns.js'
import type { NamedQuery } from './named-query.js'

/** Columns whose text a search looks at, beside the values of the attributes. */
const searchedColumns = ['message', 'detail', 'url', 'status_text', 'action'] as const
const contains = (text: string): string => `positionCaseInsensitiveUTF8(${text}, {q:String}) > 0`

const conditions = {
  level: 'level IN {level:Array(String)}',
  ...sharedConditions,
  session: 'session_id = {session:String}',
  request: 'request_id = {request:String}',
  correlation: 'correlation_id = {correlation:String}',
  user: 'user_id IN {user:Array(String)}',
  ip: 'ip_address IN {ip:Array(String)}',
  q: `(${searchedColumns.map(contains).join(' OR ')} OR arrayExists(value -> ${contains('value')}, mapValues(attributes)))`,
  // The first line says nothing new, but it lets the sort key skip what lies behind the cursor.
  after_micros: `timestamp <= fromUnixTimestamp64Micro({after_micros:Int64}, 'UTC')
  AND (toUnixTimestamp64Micro(timestamp), toUnixTimestamp(stream_created), stream_seq, event_index)
    < ({after_micros:Int64}, {after_created:UInt32}, {after_seq:UInt64}, {after_index:UInt32})`,
} as const

const parameters = z.strictObject({
  from_micros: z.int(),
  to_micros: z.int(),
  limit: z.int(),
  level: z.array(z.enum(levels)).optional(),
  ...sharedFilters,
  session: z.string().optional(),
  request: z.string().optional(),
  correlation: z.string().optional(),
  user: z.array(z.string()).optional(),
  ip: z.array(z.string()).optional(),
  q: z.string().optional(),
  after_micros: z.int().optional(),
  after_created: z.int().optional(),
  after_seq: z.int().optional(),
  after_index: z.int().optional(),
})

/** What the search takes; a filter that is absent does not filter. */
export type SearchLogsParameters = z.infer<typeof parameters>

type StoredColumns = { [Column in LogColumn]: z.ZodType<LogValue<Column>> }
const storedColumns = Object.fromEntries(
  logColumnNames.map((name) => [
    name,
    logColumns[name] === 'text' ? z.string() : logColumns[name] === 'code' ? z.int() : z.number().nullable(),
  ]),
) as unknown as StoredColumns

const row = z.object({
  timestamp_micros: z.int(),
  level: z.enum(levels),
  ...storedColumns,
  attributes: z.record(z.string(), z.string()),
  received_micros: z.int(),
  stream_created_seconds: z.int(),
  stream_seq: z.int(),
  event_index: z.int(),
})

/** A row of `logs` as it is stored: absent text is '' and an absent code is 0. */
export type StoredLog = z.infer<typeof row>

const selection = [
  'toUnixTimestamp64Micro(timestamp) AS timestamp_micros',
  'level',
  ...logColumnNames,
  'attributes',
  'toUnixTimestamp64Micro(received_at) AS received_micros',
  'toUnixTimestamp(stream_created) AS stream_created_seconds',
  'stream_seq',
  'event_index',
].join(', ')

/**
 * Log events, newest first. Events of the same microsecond are told apart by their position in the queue, so that the
 * order is total and the same at every page.
 */
export const searchLogs: NamedQuery<SearchLogsParameters, StoredLog> = {
  name: 'search_logs',
  parameters,
  row,
  sql: (given) => `SELECT ${selection}
FROM logs AS t
WHERE timestamp >= fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC')
  AND timestamp < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')${andGiven(conditions, given)}
ORDER BY timestamp DESC, stream_created DESC, stream_seq DESC, event_index DESC
LIMIT {limit:UInt32}`,
}
