import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { Chunk, Progress } from '../engine/job.js'
import { createCompressor } from './compression/compress.js'
import type { Encoding } from './compression/encoding.js'
import type { ClickhouseError } from './errors.js'
import { limits } from '../limits.js'

/** What a reply tells about the work, for X-ClickHouse-Summary. A figure that the engine does not tell is 0. */
export interface Summary {
  readRows: number
  readBytes: number
  writtenRows: number
  writtenBytes: number
  resultRows: number
  resultBytes: number
}

type Sendable = Pick<Chunk, 'bytes' | 'release'>

/** How much of a result is held back before the reply begins. */
export interface Holding {
  bytes: number
  ms: number
}

/**
 * The reply to one query. It holds the beginning of the result back: a short result gets a complete summary,
 * and an error its status. After that it streams at the client's pace.
 */
export class Reply {
  readonly summary: Summary = {
    readRows: 0,
    readBytes: 0,
    writtenRows: 0,
    writtenBytes: 0,
    resultRows: 0,
    resultBytes: 0,
  }
  readonly #startedAt = process.hrtime.bigint()
  /** Of 16 letters and digits: what a result can't hold by chance. */
  readonly #tag = randomUUID().replaceAll('-', '').slice(0, 16)
  #held: Sendable[] = []
  #heldBytes = 0
  #out: Writable | undefined
  #sendsAtOnce = false
  #tellsProgress = false

  /**
   * @param version of the engine, for the end of an error's text.
   * @param holding how much is held back, and for how long.
   */
  constructor(
    private readonly response: ServerResponse,
    private readonly version: string,
    private readonly encoding: Encoding | undefined,
    private readonly holding: Holding,
  ) {}

  /** Sends X-ClickHouse-Progress with the other headers. */
  tellProgress(): void {
    this.#tellsProgress = true
  }

  /** Holds nothing back: for formats that tell how far a query has come. */
  sendAtOnce(): void {
    this.#sendsAtOnce = true
  }

  /** Takes what has been done so far. */
  progress(progress: Progress): void {
    Object.assign(this.summary, progress)
  }

  /** Adds a piece of the result; settles when the client can take more. */
  async write(chunk: Chunk): Promise<void> {
    const { bytes, isPreamble, progress } = chunk
    this.progress(progress)
    this.summary.resultBytes += bytes.length
    if (this.#out !== undefined) return await this.#push(this.#out, chunk)
    this.#held.push(chunk)
    this.#heldBytes += bytes.length
    const isLate = !isPreamble && this.#elapsedMs() > this.holding.ms
    if (this.#sendsAtOnce || isLate || this.#heldBytes > this.holding.bytes) await this.#begin(200)
  }

  /** The result is complete. */
  async end(): Promise<void> {
    if (this.#out === undefined && this.encoding === undefined) return this.#sendWhole(200)
    if (this.#out === undefined) await this.#begin(200)
    this.#out?.end()
  }

  /**
   * The query failed. Before the first byte that is a status; afterwards the exception follows the data, framed
   * by the tag that the headers announced.
   */
  async fail(error: ClickhouseError): Promise<void> {
    const text = `${error.message} (version ${this.version} (official build))\n`
    if (this.#out === undefined) {
      this.#held = [{ bytes: Buffer.from(text), release: () => {} }]
      this.response.setHeader('X-ClickHouse-Exception-Code', String(error.code))
      this.response.setHeader('Content-Type', 'text/plain; charset=UTF-8')
      await this.#begin(error.status)
    } else {
      const frame = '\r\n__exception__\r\n'
      const length = Buffer.byteLength(text)
      this.#out.write(`${frame}${this.#tag}\r\n${text}${length} ${this.#tag}${frame}`)
    }
    this.#out?.end()
  }

  #elapsedMs(): number {
    return Number((process.hrtime.bigint() - this.#startedAt) / 1_000_000n)
  }

  /** A result that has not begun to go out goes in one piece. */
  #sendWhole(status: number): void {
    this.#setHeaders(status)
    const bytes = Buffer.concat(this.#held.map((chunk) => chunk.bytes))
    for (const { release } of this.#held) release()
    this.response.setHeader('Content-Length', bytes.length)
    this.response.end(bytes)
  }

  #setHeaders(status: number): void {
    const { response } = this
    response.statusCode = status
    const summary = this.#summaryText()
    response.setHeader('X-ClickHouse-Summary', summary)
    if (this.#tellsProgress) response.setHeader('X-ClickHouse-Progress', summary)
    response.setHeader('X-ClickHouse-Exception-Tag', this.#tag)
  }

  async #begin(status: number): Promise<void> {
    const { response } = this
    this.#setHeaders(status)
    // As on the server, an empty reply stays empty; some clients can't read the frame around nothing.
    if (this.encoding === undefined || this.#held.length === 0) this.#out = response
    else this.#out = this.#compressed(this.encoding)
    const held = this.#held
    this.#held = []
    for (const chunk of held) await this.#push(this.#out, chunk)
  }

  #compressed(encoding: Encoding): Writable {
    const { response } = this
    response.setHeader('Content-Encoding', encoding)
    const compressor = createCompressor(encoding)
    compressor.on('error', () => response.destroy())
    compressor.pipe(response)
    response.on('close', () => compressor.destroy())
    return compressor
  }

  async #push(out: Writable, { bytes, release }: Sendable): Promise<void> {
    // Something is always on its way to the client while the engine makes what comes next.
    if (out.write(bytes, release) || out.writableLength < limits.sentAheadBytes || this.response.destroyed)
      return
    const wait = new AbortController()
    try {
      // A client that has gone never drains.
      await Promise.race([
        once(out, 'drain', { signal: wait.signal }),
        once(this.response, 'close', { signal: wait.signal }),
      ])
    } finally {
      wait.abort()
    }
  }

  #summaryText(): string {
    const { summary } = this
    return JSON.stringify({
      read_rows: String(summary.readRows),
      read_bytes: String(summary.readBytes),
      written_rows: String(summary.writtenRows),
      written_bytes: String(summary.writtenBytes),
      total_rows_to_read: '0',
      result_rows: String(summary.resultRows),
      result_bytes: String(summary.resultBytes),
      elapsed_ns: String(process.hrtime.bigint() - this.#startedAt),
    })
  }
}
