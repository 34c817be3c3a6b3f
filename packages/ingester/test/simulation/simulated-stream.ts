import type { SequenceRange } from '@pulsehouse/platform'
import type { StreamFound } from '../../src/delivery/delivery-event.js'

/** A stream of chunks, each known by the id that its producer gave it. */
export class SimulatedStream {
  readonly created: string
  readonly #createdSeconds: number
  /** Ids by sequence, the first at index 0, those that were purged too. */
  readonly ids: number[] = []
  readonly #known = new Set<number>()
  #purgedThrough = 0
  /** Those that wait for the next chunk. */
  #waiting: (() => void)[] = []
  /** It was deleted. */
  isClosed = false

  constructor(count: number) {
    this.created = `stream-${count}`
    this.#createdSeconds = count
  }

  get found(): StreamFound {
    const { created, lastSeq } = this
    return { created, createdSeconds: this.#createdSeconds, firstSeq: this.#purgedThrough + 1, lastSeq }
  }

  get lastSeq(): number {
    return this.ids.length
  }

  /** Takes a chunk, unless it has one of that id. */
  publish(id: number): void {
    if (this.#known.has(id)) return
    this.#known.add(id)
    this.ids.push(id)
    this.#wakeAll()
  }

  /** It is deleted: whoever waits finds out. */
  close(): void {
    this.isClosed = true
    this.#wakeAll()
  }

  #wakeAll(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  onNext(wake: () => void): void {
    this.#waiting.push(wake)
  }

  /** The ids of a range; undefined where some are gone. */
  read({ first, last }: SequenceRange): number[] | undefined {
    if (first <= this.#purgedThrough || last > this.lastSeq) return undefined
    return this.ids.slice(first - 1, last)
  }

  purge(through: number): void {
    this.#purgedThrough = Math.max(this.#purgedThrough, through)
  }
}
