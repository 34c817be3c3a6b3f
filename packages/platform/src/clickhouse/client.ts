import {
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClient,
  type ClickHouseSettings,
} from '@clickhouse/client'

import type { Readable } from 'node:stream'
import { rowsOf } from './rows-of.js'
import { openByteStream, type StreamFormat } from './stream.js'

/** Database of everything that the pipeline stores. */
export const databaseName = 'pulsehouse'

/** Values of a query's `{name:Type}` placeholders. */
export type QueryParameters = Record<string, unknown>

/** What the server holds one query to; a query that needs more is an error. */
export interface QueryLimits {
  timeSeconds: number
  memoryBytes: number
  /** Rows of the result. */
  resultRows: number
  /** Bytes of the result, as ClickHouse counts them before they are written; absent where it is never held in memory. */
  resultBytes?: number
}

/** How one query is run. */
export interface QueryOptions {
  /** Gives the query up. */
  signal?: AbortSignal
  limits?: QueryLimits
  /** What is read are few rows that cost much each, as those with the states of a rollup: all threads share them. */
  heavyRows?: boolean
}

/** A ClickHouse server as the parts use it: by URL, embedded or not. */
export interface Clickhouse {
  url: string
  /** Rows of a query. @throws when the query fails: unknown is not zero, and not an empty list. */
  query<Row>(sql: string, parameters?: QueryParameters, options?: QueryOptions): Promise<Row[]>
  /**
   * The bytes of a result in a format, at the pace of the reader, within limits and until the signal fires.
   *
   * @throws when the query fails before its first byte; later the stream fails.
   */
  stream(
    query: { sql: string; parameters: QueryParameters; format: StreamFormat },
    limits: QueryLimits,
    signal: AbortSignal,
  ): Promise<Readable>
  /** Runs a statement that has no rows. */
  command(sql: string): Promise<void>
  /** Whether the server answers at all. */
  ping(): Promise<boolean>
  /** @throws with what to do when it does not. */
  reach(): Promise<void>
  close(): Promise<void>
}

const defaultTimeoutMs = 30_000

/** So many streams may be open at once; one more waits for a place. */
const streamsMax = 8

/** So many results are read into memory at once; one more query waits for its turn. */
const resultsMax = 10

/** Opens a client. Nothing is sent before the first query. */
export function connectClickhouse(options: {
  url: string
  application: string
  database?: string
  /** How long one request may take, milliseconds: half a minute, where nothing is said. */
  requestTimeoutMs?: number
}): Clickhouse {
  const { url, application, database = databaseName, requestTimeoutMs = defaultTimeoutMs } = options
  const shared = {
    url,
    application,
    database,
    request_timeout: requestTimeoutMs,
    // Errors are thrown; whoever catches them says what is worth saying.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' },
  } as const
  const client = createClient({ ...shared, max_open_connections: resultsMax })
  // Connections of their own: a slow reader of a long result must not stand in the way of short questions.
  const streams = createClient({
    ...shared,
    max_open_connections: streamsMax,
    keep_alive: { enabled: false },
  })
  return {
    url,
    query: async <Row>(sql: string, parameters: QueryParameters = {}, options: QueryOptions = {}) => {
      const result = await client.query({
        query: sql,
        query_params: parameters,
        format: 'JSONColumnsWithMetadata',
        clickhouse_settings: {
          // Nothing is sent before the result is whole: a query that fails late has a status and a code, too.
          wait_end_of_query: 1,
          ...limitSettings(options.limits),
          ...(options.heavyRows ? sharedByThreads : {}),
        },
        ...(options.signal === undefined ? {} : { abort_signal: options.signal }),
      })
      // The client types the data of this format as rows, but it is columns.
      const { data } = await result.json<unknown>()
      return rowsOf<Row>(data as unknown as Record<string, unknown[]>)
    },
    stream: async (query, limits, signal) =>
      await openByteStream(streams, query, limitSettings(limits), signal),
    command: async (sql) => {
      await client.command({ query: sql })
    },
    ping: async () => await pings(client),
    reach: async () => {
      if (await pings(client)) return
      const { origin } = new URL(url)
      throw new Error(`No ClickHouse answers at ${origin}; run npm start, or name one with --clickhouse-url.`)
    },
    close: async () => {
      await Promise.all([client.close(), streams.close()])
    },
  }
}

/** ClickHouse gives a thread 160,000 rows to read, by default; a day of minutes has 1,440. */
const sharedByThreads: ClickHouseSettings = {
  merge_tree_min_rows_for_concurrent_read: '256',
  merge_tree_min_bytes_for_concurrent_read: '1',
  merge_tree_min_read_task_size: '1',
}

/** Limits travel with the request: a user who may only read can tighten them there, and not in the SQL. */
function limitSettings(limits: QueryLimits | undefined): ClickHouseSettings {
  if (limits === undefined) return {}
  return {
    max_execution_time: limits.timeSeconds,
    max_memory_usage: String(limits.memoryBytes),
    max_result_rows: String(limits.resultRows),
    ...(limits.resultBytes === undefined ? {} : { max_result_bytes: String(limits.resultBytes) }),
  }
}

async function pings(client: ClickHouseClient): Promise<boolean> {
  const { success } = await client.ping()
  return success
}
