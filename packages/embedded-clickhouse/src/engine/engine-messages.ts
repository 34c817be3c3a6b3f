/** One statement for the engine with everything that holds for it alone. */
export interface Job {
  sql: string
  /** The format of the result unless the statement names one. */
  format: string
  database: string | undefined
  /** Settings by name, as in the request. */
  settings: readonly (readonly [name: string, value: string])[]
  /** Values of `{name:Type}` placeholders, in ClickHouse's escaped form, as in the request. */
  params: readonly (readonly [name: string, value: string])[]
  /** No writing. */
  readOnly: boolean
  /** Keep the connection under this name; a request without a session has a connection of its own. */
  sessionId: string | undefined
  /** What finds the query among the running ones. */
  queryId: string
}

/** A piece of a result, in the format that was asked for. */
export interface Chunk {
  bytes: Uint8Array
  rows: number
}

/** What the listener tells a worker. */
export type ToWorker =
  | { kind: 'run'; id: number; job: Job }
  /** Fetch the next chunk; sent once for every chunk that arrived, so a slow client holds the engine back. */
  | { kind: 'next'; id: number }
  | { kind: 'cancel'; id: number }
  | { kind: 'end session'; sessionId: string }

/** What a worker answers. */
export type FromWorker =
  | { kind: 'chunk'; id: number; bytes: Uint8Array; rows: number }
  | { kind: 'done'; id: number; stats: Stats }
  | { kind: 'failed'; id: number; message: string }

/** What the engine said that it did; a figure that it does not tell is undefined. */
export interface Stats {
  readRows?: number
  readBytes?: number
  writtenRows?: number
  writtenBytes?: number
}
