import { derivedFields, type ProtectedEvent } from '@pulsehouse/events'
import type { Column, ColumnType } from '@pulsehouse/platform'

/** Where a line stood in the queue: with it, a stored row can be found again, and counted once. */
export interface Position {
  /** Days since 1970 on which the queue took the chunk, UTC. */
  receivedDay: number
  /** Microseconds since 1970. */
  receivedAtMicros: number
  /** When the stream was made, seconds since 1970. */
  streamCreatedSeconds: number
  streamSeq: number
  /** Index of the line within its chunk. */
  eventIndex: number
}

/** A row of the table `logs`. */
export interface LogRow {
  event: ProtectedEvent
  position: Position
}

/** Columns that take a field of the event under its own name. */
const ownFields: Partial<Record<keyof ProtectedEvent, ColumnType>> = {
  timestamp: 'DateTime64(6)',
  level: 'LowCardinality(String)',
  service: 'LowCardinality(String)',
  host: 'LowCardinality(String)',
  message: 'String',
  request_id: 'String',
  session_id: 'String',
  user_id: 'String',
  action: 'LowCardinality(String)',
  http_method: 'LowCardinality(String)',
  url: 'LowCardinality(String)',
  referrer_url: 'LowCardinality(String)',
  ip_address: 'String',
  ip_network: 'LowCardinality(String)',
  user_agent: 'LowCardinality(String)',
  response_time: 'Nullable(Float32)',
  db_query_time: 'Nullable(Float32)',
  server_processing_time: 'Nullable(Float32)',
  network_latency: 'Nullable(Float32)',
  product_id: 'String',
  cart_size: 'Nullable(UInt32)',
  checkout_status: 'LowCardinality(String)',
  auth_method: 'LowCardinality(String)',
  auth_level: 'LowCardinality(String)',
  correlation_id: 'String',
  server_ip: 'LowCardinality(String)',
  port: 'UInt16',
  protocol: 'LowCardinality(String)',
  status_code: 'UInt16',
  status_text: 'LowCardinality(String)',
  detail: 'LowCardinality(String)',
  attributes: 'Map(String, String)',
}

function ownColumn([name, type]: [string, ColumnType]): Column<LogRow> {
  return { name, type, value: ({ event }) => event[name as keyof ProtectedEvent] }
}

function derivedColumn([name, valueOf]: [string, (event: ProtectedEvent) => string]): Column<LogRow> {
  return { name, type: 'LowCardinality(String)', value: ({ event }) => valueOf(event) }
}

/** The position's columns, which every table of the ingester has. */
export const positionColumns: Column<{ position: Position }>[] = [
  { name: 'received_day', type: 'Date', value: ({ position }) => position.receivedDay },
  { name: 'received_at', type: 'DateTime64(6)', value: ({ position }) => position.receivedAtMicros },
  { name: 'stream_created', type: 'DateTime', value: ({ position }) => position.streamCreatedSeconds },
  { name: 'stream_seq', type: 'UInt64', value: ({ position }) => position.streamSeq },
  { name: 'event_index', type: 'UInt32', value: ({ position }) => position.eventIndex },
]

/** Columns of the table `logs`, with the ones that are derived from the event. */
export const logColumns: Column<LogRow>[] = [
  ...Object.entries(ownFields).map(ownColumn),
  ...Object.entries(derivedFields).map(derivedColumn),
  ...positionColumns,
]
