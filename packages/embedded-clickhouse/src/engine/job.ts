import type { User } from '../access/users.js'
import type { ExternalTable } from '../sql/external-table.js'

/** One statement for the engine with everything that holds for it alone. */
export interface Job {
  sql: string
  /** How the text stands for bytes; see `TextEncoding`. */
  encoding: 'utf8' | 'latin1'
  /** The data of an INSERT that is still being received; the statement then has neither FORMAT nor data. */
  arriving?: { format: string; pieces: AsyncIterable<Buffer> }
  /** The format of the result, as far as it is known: it decides how the result is fetched. */
  format: string
  database: string | undefined
  /** Settings by name, as in the request. */
  settings: readonly (readonly [name: string, value: string])[]
  /** Values of `{name:Type}` placeholders, in ClickHouse's escaped form, as in the request. */
  params: readonly (readonly [name: string, value: string])[]
  /** Tables that came with the request. */
  tables: readonly ExternalTable[]
  /** Roles to take, as in the request. */
  roles: readonly string[]
  user: User
  /** No writing, whoever asks: a GET. */
  readOnly: boolean
  /** Keep the connection under this name; a request without a session has a connection of its own. */
  sessionId: string | undefined
  /** Where a pipe for the result can be made. */
  pipeFolder: string
  /** What finds the query among the running ones. */
  queryId: string
}

/** A piece of a result, in the format that was asked for. */
export interface Chunk {
  bytes: Uint8Array
  /** To be called when the bytes are not read any more; they change then. */
  release: () => void
  /** The beginning of a format, which can come long before the first row. */
  isPreamble: boolean
  /** What has been done so far. */
  progress: Progress
}

/** What the engine has done for a query, in rows and bytes. */
export interface Progress {
  readRows: number
  readBytes: number
  writtenRows: number
  writtenBytes: number
  /** Rows of the result. */
  resultRows: number
}
