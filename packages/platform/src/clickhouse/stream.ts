import { Transform, type Readable, type TransformCallback } from 'node:stream'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import type { QueryParameters } from './client.js'

/** Formats that results are streamed in, as ClickHouse calls them. */
export type StreamFormat = 'JSONEachRow' | 'CSVWithNames' | 'Parquet'

/** ClickHouse failed when part of the result had been sent already: what came is not the whole. */
class StreamFailure extends Error {
  /** ClickHouse's error code; undefined where it can't be read. */
  readonly code: string | undefined

  constructor(code: string | undefined) {
    super(`ClickHouse failed in the middle of a result${code === undefined ? '' : ` (code ${code})`}`)
    this.code = code
  }
}

/** The text of an exception has 16 KiB at the most; with the frame around it, it ends up within so many bytes. */
const exceptionBytesMax = 20 * 1024

/** Rows of a block: with all columns of a log, some ten megabytes. A stream holds few of them. */
const blockRows = 8_192

/**
 * Opens the bytes of a result. They come as fast as they are read, and no faster. Destroying the stream gives the query up.
 *
 * @throws when the query fails before its first byte; later, the stream fails, and never just ends.
 */
export async function openByteStream(
  client: ClickHouseClient,
  query: { sql: string; parameters: QueryParameters; format: StreamFormat },
  settings: ClickHouseSettings,
  signal: AbortSignal,
): Promise<Readable> {
  const { stream, response_headers: headers } = await client.exec({
    query: `${query.sql}\nFORMAT ${query.format}`,
    query_params: query.parameters,
    clickhouse_settings: {
      ...settings,
      max_block_size: String(blockRows),
      output_format_json_escape_forward_slashes: 0,
      format_csv_null_representation: '',
    },
    abort_signal: signal,
  })
  const guard = new ExceptionGuard(String(headers['x-clickhouse-exception-tag'] ?? ''))
  stream.on('error', (error: Error) => guard.destroy(error))
  stream.on('close', () => {
    if (!stream.readableEnded) guard.destroy(new StreamFailure(undefined))
  })
  guard.on('close', () => stream.destroy())
  signal.addEventListener('abort', () => guard.destroy(new StreamFailure(undefined)), { once: true })
  return stream.pipe(guard)
}

/**
 * Holds the end of a stream back until it is known whether it is data: an exception that comes after the first byte
 * stands behind the data, between two lines with the tag that the headers announced.
 */
class ExceptionGuard extends Transform {
  readonly #end: Buffer
  #held: Buffer[] = []
  #heldBytes = 0

  constructor(tag: string) {
    super()
    this.#end = Buffer.from(tag === '' ? '' : `${tag}\r\n__exception__\r\n`)
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    for (
      let first = this.#held[0];
      first !== undefined && this.#heldBytes - first.length >= exceptionBytesMax;
      first = this.#held[0]
    ) {
      this.#held.shift()
      this.#heldBytes -= first.length
      this.push(first)
    }
    done()
  }

  override _flush(done: TransformCallback): void {
    const tail = Buffer.concat(this.#held)
    const failed = this.#end.length > 0 && tail.subarray(-this.#end.length).equals(this.#end)
    if (!failed) return done(null, tail)
    const [, code] = /__exception__\r\n.*?\r\nCode: (\d+)/s.exec(tail.toString('latin1')) ?? []
    done(new StreamFailure(code))
  }
}
