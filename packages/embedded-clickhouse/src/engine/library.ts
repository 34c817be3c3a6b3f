import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DataType, define, isNullPointer, open, unwrapPointer, type JsExternal } from 'ffi-rs'
import { Scratch } from './scratch.js'
import { copyInto, lengthOfText } from './system-calls.js'

/**
 * The engine's C interface (`chdb.h`), called without chdb's own addon. The addon plans a query on the thread
 * that asks for it, keeps back how much a query has read, and gives no way to stop the engine.
 */
const library = 'chdb'

/** A connection of the engine: one statement at a time. */
export interface Connection {
  /** What closing takes. */
  readonly owner: JsExternal
  /** What everything else takes. */
  readonly handle: JsExternal
}

/** What the engine's parser says about a text; see `chdb_query_class` in `chdb.h`. */
export interface Classification {
  /** How many statements the text holds; 0 when it does not parse. */
  statements: number
  /** `unknown` when it does not parse, or is of a sort that the engine does not classify. */
  kind: 'read' | 'write' | 'write global' | 'control' | 'unknown'
  /** It carries a password or a key. */
  hasSecrets: boolean
}

/** A result, or a piece of one. */
export interface EngineResult {
  bytes: Buffer
  /** Rows in it. */
  rows: number
  /** Rows and bytes that were read from tables for it. */
  readRows: number
  readBytes: number
  /** Rows and bytes that were written into all tables, those behind materialized views included. */
  writtenRows: number
  writtenBytes: number
}

export const types = DataType

const { External, I32, StringArray, U8Array, U64, Void } = types

/** Runs on a thread of Node's pool; the promise settles when it is done. */
export function inPool(retType: DataType, paramsType: DataType[]) {
  return { library, retType, paramsType, runInNewThread: true as const, freeResultMemory: false }
}

/** Runs on the calling thread: for what takes microseconds. */
export function here(retType: DataType, paramsType: DataType[]) {
  return { library, retType, paramsType, freeResultMemory: false }
}

const statement = [External, U8Array, U64, U8Array, U64]
const classification = [External, U8Array, U64, U64, U64, U8Array]

const slow = define({
  chdb_query_n: inPool(External, statement),
  chdb_stream_query_n: inPool(External, statement),
  chdb_stream_fetch_result: inPool(External, [External, External]),
  chdb_stream_cancel_query: inPool(Void, [External, External]),
  chdb_classify_query_n: inPool(I32, classification),
  chdb_shutdown: inPool(I32, []),
})

const quick = define({
  chdb_connect: here(External, [I32, StringArray]),
  chdb_query_n: here(External, statement),
  chdb_close_conn: here(Void, [External]),
  chdb_set_signal_handlers_enabled: here(Void, [I32]),
  chdb_version: here(External, []),
  chdb_classify_query_n: here(I32, classification),
  chdb_destroy_query_result: here(Void, [External]),
  chdb_result_error: here(External, [External]),
  chdb_result_buffer: here(External, [External]),
  chdb_result_length: here(U64, [External]),
  chdb_result_rows_read: here(U64, [External]),
  chdb_result_storage_rows_read: here(U64, [External]),
  chdb_result_storage_bytes_read: here(U64, [External]),
  chdb_result_rows_written: here(U64, [External]),
  chdb_result_bytes_written: here(U64, [External]),
})

/** Loads the engine into this process; to be called once, before anything else here. */
export function loadLibrary(): void {
  const platform = `${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`
  const require = createRequire(createRequire(import.meta.url).resolve('chdb'))
  const folder = dirname(require.resolve(`@chdb/lib-${platform}/package.json`))
  open({ library, path: join(folder, 'libchdb.so') })
  // A crash ends the process at once, as for any program; chdb's own handlers would run on the broken heap.
  quick.chdb_set_signal_handlers_enabled([0])
}

/** The version of the loaded engine, as `26.7.2`. */
export function libraryVersion(): string {
  return textAt(external(quick.chdb_version([])))
}

/**
 * Opens a connection. The first one of a process opens the data folder, which takes about 200 ms; others take 0.05 ms.
 *
 * @param args as on the command line: `--path=…`, `--max_threads=2`; unknown names are ignored.
 * @throws when the engine refuses; it has written the reason to standard error.
 */
export function openConnection(args: readonly string[]): Connection {
  const words = ['clickhouse', ...args]
  const owner = external(quick.chdb_connect([words.length, words]))
  if (isNullPointer(owner)) throw new Error('The engine refuses the connection: its reason stands above.')
  const [handle] = unwrapPointer([owner])
  if (handle === undefined) throw new Error('The engine gave a connection without a handle')
  return { owner, handle }
}

/** Closes a connection; nothing may be running on it. */
export function closeConnection(connection: Connection): void {
  quick.chdb_close_conn([connection.owner])
}

/** Joins the engine's threads, after the last connection was closed. */
export async function shutDown(): Promise<void> {
  await slow.chdb_shutdown([])
}

/**
 * Runs statements to their end and holds the whole result in memory.
 *
 * @throws what the engine says.
 */
export async function query(
  connection: Connection,
  sql: string | Buffer,
  format: string,
): Promise<EngineResult> {
  const text = typeof sql === 'string' ? Buffer.from(sql) : sql
  const name = Buffer.from(format)
  const result = external(await slow.chdb_query_n([connection.handle, text, text.length, name, name.length]))
  return take(result, [text, name], false)
}

/**
 * Runs a statement on the calling thread, which waits for it: only for what can't take long.
 *
 * @throws what the engine says.
 */
export function queryHere(connection: Connection, text: Buffer, format: string): EngineResult {
  const name = Buffer.from(format)
  const result = external(quick.chdb_query_n([connection.handle, text, text.length, name, name.length]))
  return take(result, [text, name], false)
}

/** A query whose result is being fetched. */
export interface Stream {
  readonly connection: Connection
  readonly handle: JsExternal
  /** Whether all of it has been fetched. */
  hasEnded: boolean
}

/**
 * Plans a SELECT and starts it.
 *
 * @throws what the engine says; code 36 for everything but one SELECT, which then has not run.
 */
export async function startStream(connection: Connection, text: Buffer, format: string): Promise<Stream> {
  const name = Buffer.from(format)
  const handle = external(
    await slow.chdb_stream_query_n([connection.handle, text, text.length, name, name.length]),
  )
  const error = errorOf(handle, [text, name])
  if (error === undefined) return { connection, handle, hasEnded: false }
  quick.chdb_destroy_query_result([handle])
  throw error
}

/**
 * Fetches the next piece of a result; `undefined` at its end.
 *
 * @throws what the engine says; the stream has ended then.
 */
export async function fetchFrom(stream: Stream): Promise<EngineResult | undefined> {
  const { connection, handle } = stream
  const piece = take(
    external(await slow.chdb_stream_fetch_result([connection.handle, handle])),
    [stream],
    true,
  )
  stream.hasEnded = piece.bytes.length === 0
  return stream.hasEnded ? undefined : piece
}

/** Ends a query, wherever it is; nothing may be fetching from it. */
export async function endStream({ connection, handle, hasEnded }: Stream): Promise<void> {
  if (!hasEnded) await slow.chdb_stream_cancel_query([connection.handle, handle])
  quick.chdb_destroy_query_result([handle])
}

const kinds = ['read', 'write', 'write global', 'control'] as const
const analysisBytes = 16
const hasSecretsFlag = 1

/**
 * Lets the engine's parser say what a text would do; nothing runs. A long text is parsed in the pool, on a connection
 * of its own.
 */
export async function classify(
  connection: Connection,
  text: Buffer,
  connectAside: () => Connection,
): Promise<Classification> {
  const analysis = Buffer.alloc(analysisBytes)
  analysis.writeUInt32LE(analysisBytes, 0)
  const parameters = (handle: JsExternal): unknown[] => [handle, text, text.length, 0, 0, analysis]
  if (text.length <= shortTextBytes) quick.chdb_classify_query_n(parameters(connection.handle))
  else {
    const aside = connectAside()
    await slow.chdb_classify_query_n(parameters(aside.handle)).finally(() => closeConnection(aside))
  }
  return {
    statements: analysis.readUInt32LE(4),
    kind: kinds[analysis.readUInt32LE(12)] ?? 'unknown',
    hasSecrets: (analysis.readUInt32LE(8) & hasSecretsFlag) !== 0,
  }
}

/** A text up to this size is parsed in less than a millisecond. */
const shortTextBytes = 16 * 1024

/** Copies a result out of the engine's memory and frees it there. */
export function take(result: JsExternal, keptAlive: readonly object[], isPiece: boolean): EngineResult {
  try {
    const error = errorOf(result, keptAlive)
    if (error !== undefined) throw error
    const length = quick.chdb_result_length([result]) as number
    const bytes = scratch.take(length)
    if (length > 0) copyInto(bytes, external(quick.chdb_result_buffer([result])))
    return { bytes, ...(length === 0 && isPiece ? nothing : countsOf(result)) }
  } finally {
    quick.chdb_destroy_query_result([result])
  }
}

function countsOf(result: JsExternal): Omit<EngineResult, 'bytes'> {
  const parameters = [result]
  const writtenRows = quick.chdb_result_rows_written(parameters) as number
  return {
    rows: quick.chdb_result_rows_read(parameters) as number,
    readRows: quick.chdb_result_storage_rows_read(parameters) as number,
    readBytes: quick.chdb_result_storage_bytes_read(parameters) as number,
    writtenRows,
    writtenBytes: writtenRows === 0 ? 0 : (quick.chdb_result_bytes_written(parameters) as number),
  }
}

/** Of the piece behind the last one, which is not asked: each question costs some microseconds. */
const nothing = { rows: 0, readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 }

const scratch = new Scratch()

/** Says that nobody reads a result's bytes any more, so that the next result can have their place. */
export function giveBack(bytes: Uint8Array): void {
  scratch.giveBack(bytes)
}

/**
 * What went wrong, if anything.
 *
 * @param keptAlive what the engine was reading in its own thread: named here so that it was not collected before.
 */
function errorOf(result: JsExternal, keptAlive: readonly object[]): Error | undefined {
  const pointer = external(quick.chdb_result_error([result]))
  if (isNullPointer(pointer) || keptAlive.length === 0) return undefined
  return new Error(textAt(pointer))
}

/** A text of the engine's. */
export function textAt(pointer: JsExternal): string {
  const text = Buffer.alloc(lengthOfText(pointer))
  if (text.length > 0) copyInto(text, pointer)
  return text.toString()
}

export function external(value: unknown): JsExternal {
  return value as JsExternal
}
