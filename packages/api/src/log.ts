import { z } from '@hono/zod-openapi'
import { formatMicros, levels, logEventSchema } from '@pulsehouse/events'
import { logColumnNames, logColumns, type LogColumn, type LogValue } from './queries/log-columns.js'
import type { StoredLog } from './queries/search-logs.js'

/** Fields that are derived from others; the rest are described by the catalog. */
const derivedDescriptions: Partial<Record<LogColumn, string>> = {
  endpoint: 'Path of the url, with numbers and ids folded.',
  referrer_domain: 'Domain of the referring page.',
  ip_network: 'Network of the address: /24 of IPv4, /48 of IPv6.',
  browser: 'From the user agent.',
  os: 'From the user agent.',
  device: 'From the user agent: desktop, mobile, tablet, tv, bot.',
}

function descriptionOf(name: string): string {
  const field = Object.entries(logEventSchema.shape)
    .find(([known]) => known === name)?.[1]
    .meta()
  const text = field?.description ?? derivedDescriptions[name as LogColumn] ?? ''
  const unit = field?.unit === 'ms' ? ' In milliseconds.' : ''
  return `${text}${unit}${field?.protection === 'pseudonym' ? ' A pseudonym, unless the stack keeps clear values.' : ''}`
}

type FieldSchemas = { [Column in LogColumn]: z.ZodType<LogValue<Column>> }
const fieldSchemas = Object.fromEntries(
  logColumnNames.map((name) => {
    const kind = logColumns[name]
    const value =
      kind === 'text' ? z.string() : kind === 'code' || name === 'cart_size' ? z.int() : z.number()
    return [name, value.nullable().openapi({ description: descriptionOf(name) })]
  }),
) as unknown as FieldSchemas

const time = z
  .string()
  .openapi({ description: 'ISO 8601 in UTC, with microseconds.', example: '2026-03-01T12:00:00.123456Z' })

/** A log event as the API shows it: every field of the catalog, null where it is absent. */
export const logSchema = z
  .object({
    timestamp: time,
    level: z.enum(levels).openapi({ description: descriptionOf('level') }),
    ...fieldSchemas,
    attributes: z
      .record(z.string(), z.string())
      .openapi({ description: descriptionOf('attributes'), example: { 'app.version': '1.4.2' } }),
    received_at: time.openapi({ description: 'When the queue took the event.' }),
    position: z
      .object({
        stream_seq: z.int().openapi({ description: 'The chunk.' }),
        event_index: z.int().openapi({ description: 'The line within the chunk, from 0.' }),
      })
      .openapi({ description: 'Where the event stood in the queue: its identity.' }),
  })
  .openapi('Log')

/** A log event as the API shows it. */
export type Log = z.infer<typeof logSchema>

type Fields = { [Column in LogColumn]: LogValue<Column> }

/** Turns a stored row into what the API shows: what is absent is null, and not '' or 0. */
export function logOf(row: StoredLog): Log {
  const fields = Object.fromEntries(
    logColumnNames.map((name) => {
      const absent = logColumns[name] === 'text' ? '' : logColumns[name] === 'code' ? 0 : null
      return [name, row[name] === absent ? null : row[name]]
    }),
  ) as Fields
  return {
    timestamp: formatMicros(row.timestamp_micros),
    level: row.level,
    ...fields,
    attributes: row.attributes,
    received_at: formatMicros(row.received_micros),
    position: { stream_seq: row.stream_seq, event_index: row.event_index },
  }
}
