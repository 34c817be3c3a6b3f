import { z } from '@hono/zod-openapi'
import { formatMicros, levels } from '@pulsehouse/events'
import { fieldDescription } from './field-description.js'
import { logColumnNames, logColumns, type LogColumn, type LogValue } from './log-columns.js'
import type { StoredLog } from './search-logs.js'

type FieldSchemas = { [Column in LogColumn]: z.ZodType<LogValue<Column>> }
const fieldSchemas = Object.fromEntries(
  logColumnNames.map((name) => {
    const kind = logColumns[name]
    const value =
      kind === 'text' ? z.string() : kind === 'code' || name === 'cart_size' ? z.int() : z.number()
    return [name, value.nullable().openapi({ description: fieldDescription(name) })]
  }),
) as unknown as FieldSchemas

const time = z
  .string()
  .openapi({ description: 'ISO 8601 in UTC, with microseconds.', example: '2026-03-01T12:00:00.123456Z' })

/** A log event as the API shows it: every field of the catalog, null where it is absent. */
export const logSchema = z
  .object({
    id: z.string().openapi({
      description: 'Its identity: when the stream was made (seconds since 1970), the chunk, the line.',
      example: '1770000000-4821-17',
    }),
    timestamp: time,
    level: z.enum(levels).openapi({ description: fieldDescription('level') }),
    ...fieldSchemas,
    attributes: z
      .record(z.string(), z.string())
      .openapi({ description: fieldDescription('attributes'), example: { 'app.version': '1.4.2' } }),
    received_at: time.openapi({ description: 'When the queue took the event.' }),
    position: z
      .object({
        stream_seq: z.int().openapi({ description: 'The chunk.' }),
        event_index: z.int().openapi({ description: 'The line within the chunk, from 0.' }),
      })
      .openapi({ description: 'Where the event stood in the queue.' }),
  })
  .openapi('Log')

/** A log event as the API shows it. */
export type Log = z.infer<typeof logSchema>

type Fields = { [Column in LogColumn]: LogValue<Column> }

/** Shows an event that has not been stored yet as the list of logs shows it when it is: what is absent is null. */
export function logOf(row: StoredLog): Log {
  const fields = Object.fromEntries(
    logColumnNames.map((name) => {
      const absent = logColumns[name] === 'text' ? '' : logColumns[name] === 'code' ? 0 : null
      return [name, row[name] === absent ? null : row[name]]
    }),
  ) as Fields
  return {
    id: `${row.stream_created_seconds}-${row.stream_seq}-${row.event_index}`,
    timestamp: formatMicros(row.timestamp_micros),
    level: row.level,
    ...fields,
    attributes: row.attributes,
    received_at: formatMicros(row.received_micros),
    position: { stream_seq: row.stream_seq, event_index: row.event_index },
  }
}
