import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'

/** Database of everything that the pipeline stores. */
export const databaseName = 'pulsehouse'

/** Values of a query's `{name:Type}` placeholders. */
export type QueryParameters = Record<string, unknown>

/** A ClickHouse server as the parts use it: by URL, embedded or not. */
export interface Clickhouse {
  url: string
  /** Rows of a query. @throws when the query fails: unknown is not zero, and not an empty list. */
  query<Row>(sql: string, parameters?: QueryParameters, signal?: AbortSignal): Promise<Row[]>
  /** Runs a statement that has no rows. */
  command(sql: string): Promise<void>
  /** Whether the server answers at all. */
  ping(): Promise<boolean>
  /** @throws with what to do when it does not. */
  reach(): Promise<void>
  close(): Promise<void>
}

/** How long one request may take, in milliseconds. */
const requestTimeoutMs = 30_000

/** Opens a client. Nothing is sent before the first query. */
export function connectClickhouse(options: {
  url: string
  application: string
  database?: string
}): Clickhouse {
  const { url, application, database = databaseName } = options
  const client = createClient({
    url,
    application,
    database,
    request_timeout: requestTimeoutMs,
    // Errors are thrown; whoever catches them says what is worth saying.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' },
  })
  return {
    url,
    query: async <Row>(sql: string, parameters: QueryParameters = {}, signal?: AbortSignal) => {
      const result = await client.query({
        query: sql,
        query_params: parameters,
        format: 'JSONEachRow',
        ...(signal === undefined ? {} : { abort_signal: signal }),
      })
      return await result.json<Row>()
    },
    command: async (sql) => {
      await client.command({ query: sql })
    },
    ping: async () => await pings(client),
    reach: async () => {
      if (await pings(client)) return
      const { origin } = new URL(url)
      throw new Error(`No ClickHouse answers at ${origin}; run npm start, or name one with --clickhouse-url.`)
    },
    close: async () => await client.close(),
  }
}

async function pings(client: ClickHouseClient): Promise<boolean> {
  const { success } = await client.ping()
  return success
}
