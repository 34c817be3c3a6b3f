import type { IncomingMessage } from 'node:http'
import { Scratch } from '../engine/scratch.js'
import { limits } from '../limits.js'
import type { InsertHead } from '../sql/statement.js'
import type { QueryRequest } from './request.js'

/**
 * The data of an INSERT that the engine reads while it is being received. All of it is kept, so that the INSERT can
 * begin anew when its client turns out to be slow.
 */
export class Arrival {
  readonly #source: AsyncIterator<Buffer>
  readonly #kept: Buffer[] = []
  #block = blocks.take(limits.arrivingBlockBytes)
  #filled = 0
  #next: Promise<IteratorResult<Buffer>> | undefined

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** The data in large blocks, as soon as each is there. @throws {LateArrival} when not all comes in time. */
  async *inTime(): AsyncGenerator<Buffer> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limits.arrivalMs)
    })
    try {
      for (;;) {
        this.#next ??= this.#source.next()
        const next = await Promise.race([this.#next, late])
        if (next === undefined) throw new LateArrival()
        this.#next = undefined
        if (next.done === true) break
        yield* this.#keep(next.value)
      }
      yield this.#block.subarray(0, this.#filled)
    } finally {
      clearTimeout(timer)
    }
  }

  /** All of it from the beginning, at the client's pace. */
  async *all(): AsyncGenerator<Buffer> {
    yield* this.#kept
    yield this.#block.subarray(0, this.#filled)
    for (;;) {
      const next = await (this.#next ?? this.#source.next())
      this.#next = undefined
      if (next.done === true) return
      yield next.value
    }
  }

  /** Says that nobody reads the data any more. */
  release(): void {
    for (const block of [...this.#kept, this.#block]) blocks.giveBack(block)
  }

  *#keep(piece: Buffer): Generator<Buffer> {
    for (let rest = piece; rest.length > 0;) {
      const copied = rest.copy(this.#block, this.#filled)
      this.#filled += copied
      rest = rest.subarray(copied)
      if (this.#filled < this.#block.length) continue
      const full = this.#block
      this.#kept.push(full)
      this.#block = blocks.take(limits.arrivingBlockBytes)
      this.#filled = 0
      yield full
    }
  }
}

/** The client takes too long: its INSERT may not hold a place among the running queries meanwhile. */
export class LateArrival extends Error {}

const blocks = new Scratch()

/**
 * Whether the engine can read the data while it is being received. Only if it is so small that keeping it does no
 * harm, and one block: of what is more than one, a part would stay in the table when the rest never comes. A row
 * takes a byte at least.
 */
export function canBeReadOnArrival(request: IncomingMessage, query: QueryRequest, head: InsertHead): boolean {
  const { 'content-length': length, 'content-encoding': encoding } = request.headers
  const bytes = Number(length)
  const settings = new Map(query.settings)
  return (
    bytes >= limits.arrivingBytes.min &&
    bytes <= limits.arrivingBytes.max &&
    encoding === undefined &&
    head.format === 'Native' &&
    head.settings === '' &&
    query.session === undefined &&
    settings.get('async_insert') !== '1' &&
    settings.get('min_insert_block_size_bytes') === '0' &&
    Number(settings.get('min_insert_block_size_rows')) >= bytes
  )
}
