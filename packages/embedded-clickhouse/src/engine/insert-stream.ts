import { define, isNullPointer, type JsExternal } from 'ffi-rs'
import { external, here, inPool, take, textAt, types, type Connection, type EngineResult } from './library.js'

const { External, I32, U8Array, U64, Void } = types

const slow = define({
  chdb_stream_insert_n: inPool(External, [External, U8Array, U64, U8Array, U64]),
  chdb_stream_append: inPool(I32, [External, U8Array, U64]),
  chdb_stream_done: inPool(External, [External]),
  chdb_stream_cancel_insert: inPool(Void, [External]),
})

const quick = define({
  chdb_stream_insert_error: here(External, [External]),
  chdb_destroy_insert_stream: here(Void, [External]),
})

/**
 * An INSERT that the engine reads while its data is still being received. It writes a block when it has seen the
 * end of it, so nothing is in a table before `commit` if the data is one block.
 */
export class InsertStream {
  readonly #handle: JsExternal
  #hasEnded = false

  /**
   * Starts an INSERT.
   *
   * @param sql without FORMAT and data.
   * @throws what the engine says, as for an unknown table (code 60) or format (73).
   */
  static async begin(connection: Connection, sql: Buffer, format: string): Promise<InsertStream> {
    const name = Buffer.from(format)
    const handle = external(
      await slow.chdb_stream_insert_n([connection.handle, sql, sql.length, name, name.length]),
    )
    const error = external(quick.chdb_stream_insert_error([handle]))
    if (isNullPointer(error)) return new InsertStream(handle)
    const text = textAt(error)
    quick.chdb_destroy_insert_stream([handle])
    throw new Error(text)
  }

  private constructor(handle: JsExternal) {
    this.#handle = handle
  }

  /** Hands a piece over, which the engine copies; waits while it has more than it can read. @throws what it says. */
  async append(piece: Buffer): Promise<void> {
    if ((await slow.chdb_stream_append([this.#handle, piece, piece.length])) === 0) return
    const error = external(quick.chdb_stream_insert_error([this.#handle]))
    throw new Error(
      isNullPointer(error) ? 'The engine takes no more data, and does not say why.' : textAt(error),
    )
  }

  /** Says that this was all, and waits until it is written. @throws what the engine says; nothing is written then. */
  async commit(): Promise<EngineResult> {
    this.#hasEnded = true
    return take(external(await slow.chdb_stream_done([this.#handle])), [this], false)
  }

  /** Ends it, without a trace unless it has been committed; nothing of it may be running. */
  async close(): Promise<void> {
    if (!this.#hasEnded) await slow.chdb_stream_cancel_insert([this.#handle])
    quick.chdb_destroy_insert_stream([this.#handle])
  }
}
