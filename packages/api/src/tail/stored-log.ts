import { derivedFields, type ProtectedEvent } from '@pulsehouse/events'
import type { Chunk } from '@pulsehouse/platform'
import { logColumnNames, logColumns, type LogColumn } from '../logs/log-columns.js'
import type { StoredLog } from '../logs/search-logs.js'

/** Measures that are stored as Float32. */
const singlePrecision: ReadonlySet<LogColumn> = new Set([
  'response_time',
  'db_query_time',
  'server_processing_time',
  'network_latency',
])

const derived: Partial<Record<LogColumn, (event: ProtectedEvent) => string>> = derivedFields
const columns = logColumnNames.map((name) => ({
  name,
  absent: logColumns[name] === 'text' ? '' : logColumns[name] === 'code' ? 0 : null,
  derive: derived[name],
  isSingle: singlePrecision.has(name),
}))

/** The row that the ingester stores for an event, as a query of the table would give it. */
export function storedLogOf(
  event: ProtectedEvent,
  chunk: Chunk,
  streamCreatedSeconds: number,
  eventIndex: number,
): StoredLog {
  const row: Record<string, unknown> = { timestamp_micros: event.timestamp, level: event.level }
  for (const { name, absent, derive, isSingle } of columns) {
    const value = derive === undefined ? event[name as keyof ProtectedEvent] : derive(event)
    row[name] = isSingle && typeof value === 'number' ? singleOf(value) : (value ?? absent)
  }
  row['attributes'] = event.attributes
  row['received_micros'] = chunk.receivedAtMicros
  row['stream_created_seconds'] = streamCreatedSeconds
  row['stream_seq'] = chunk.seq
  row['event_index'] = eventIndex
  return row as StoredLog
}

/** The shortest number that is the same in single precision: what ClickHouse shows for a Float32. */
function singleOf(value: number): number {
  const stored = Math.fround(value)
  for (let digits = 6; digits <= 9; digits += 1) {
    const short = Number(stored.toPrecision(digits))
    if (Math.fround(short) === stored) return short
  }
  return stored
}
