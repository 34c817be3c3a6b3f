import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

declare const kind: unique symbol
/** A connection of the engine; valid in the thread that made it. */
export interface Connection {
  readonly [kind]: 'connection'
}
/** A query whose result is being fetched in chunks. */
export interface StreamHandle {
  readonly [kind]: 'stream'
}

/** The engine's addon, as the npm package `chdb` loads it for itself. */
export interface Native {
  /** Opens a connection; the first one of a process opens the data folder (about 200 ms), others take 0.1 ms. */
  CreateConnection(path: string, args: readonly string[]): Connection
  /** Nothing may be running on the connection: the engine would abort. */
  CloseConnection(connection: Connection): void
  /** Blocks the thread. Returns text, so it is not for results. */
  QueryWithConnection(connection: Connection, sql: string, format: string): string
  /** Holds the whole result in memory. */
  QueryAsyncConnection(connection: Connection, sql: string, format: string): Promise<WholeResult>
  /** Runs `statement` followed by `tail` as one statement and counts what is written, views included. */
  InsertRawAsyncConnection(
    connection: Connection,
    statement: string,
    tail: Uint8Array,
    countLines: boolean,
  ): Promise<Written>
  /** Parses and plans on the calling thread: scalar subqueries run here. SELECT only, code 36 otherwise. */
  StreamQuery(connection: Connection, sql: string, format: string): StreamHandle
  StreamFetch(stream: StreamHandle): Promise<{ bytes: Uint8Array; numRows: number; done: boolean }>
  /** Nothing may be fetching. Also frees a stream that has ended. */
  StreamCancel(stream: StreamHandle): void
}

/** A result in one piece, with what the engine read for it. */
export interface WholeResult {
  bytes: Uint8Array
  rowsRead: number
  bytesRead: number
}

/** What a statement wrote: rows and bytes in all tables, those behind materialized views included. */
export interface Written {
  rowsWritten: number
  bytesWritten: number
}

/**
 * Loads the addon below chdb's `Session`. Session.close() can't be used in a server: it postpones freeing a
 * connection until *no* query of the process runs, so that during one long query every short one leaks its
 * connection (measured: 270 kB each). We close a connection when nothing runs on it, which is what counts.
 */
export function loadNative(): Native {
  const require = createRequire(import.meta.url)
  const loader = join(dirname(require.resolve('chdb')), 'dist/loader.js')
  return (require(loader) as { loadNative: () => Native }).loadNative()
}
