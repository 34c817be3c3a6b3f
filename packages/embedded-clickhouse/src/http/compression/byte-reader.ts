import { Breath } from './breath.js'

/** Cuts a stream of chunks into the pieces that a format is made of. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)
  readonly #breath = new Breath()

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Whether the stream has nothing more. */
  async atEnd(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#more())) return true
    return false
  }

  /**
   * The next bytes, so many. They are never changed afterwards.
   *
   * @throws when the stream ends before.
   */
  async take(bytes: number): Promise<Buffer> {
    // What has arrived is taken without waiting, and it may be thousands of small pieces.
    await this.#breath.take()
    if (this.#rest.length < bytes) await this.#gather(bytes)
    const taken = this.#rest.subarray(0, bytes)
    this.#rest = this.#rest.subarray(bytes)
    return taken
  }

  async #gather(bytes: number): Promise<void> {
    const pieces = [this.#rest]
    let length = this.#rest.length
    while (length < bytes) {
      if (!(await this.#more())) throw new Error('it ends in the middle')
      pieces.push(this.#rest)
      length += this.#rest.length
    }
    this.#rest = Buffer.concat(pieces, length)
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    this.#rest = next.done === true ? Buffer.alloc(0) : next.value
    return next.done !== true
  }
}
