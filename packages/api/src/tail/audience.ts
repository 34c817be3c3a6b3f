import type { Sight } from '../access/sight.js'
import type { EventFilter } from './event-filter.js'
import type { TailEvent } from './tail-event.js'
import type { Slot } from './window.js'

/** Written slots that are kept for readers who have not had them yet; about a second of a busy stream. */
const writtenSlotsMax = 16

/**
 * Readers with the same filters and the same sight of people. What a slot is to one of them it is to all, so it is
 * filtered and written once, and every connection sends the same bytes.
 */
export class Audience {
  /** How many readers there are. */
  readers = 0
  readonly #passes: EventFilter
  readonly #sight: Sight
  readonly #written = new Map<Slot, { bytes: Buffer; left: number }>()
  /** Slots that were kept once. Only a reader far behind asks for one again, and must not push the newest ones out. */
  readonly #known = new WeakSet<Slot>()

  constructor(passes: EventFilter, sight: Sight) {
    this.#passes = passes
    this.#sight = sight
  }

  /** What the readers are sent of a slot. It is kept until each of them has had it, unless they are far apart. */
  bytesOf(slot: Slot): Buffer {
    const written = this.#written.get(slot)
    if (written === undefined) {
      const bytes = Buffer.from(slot.notice + this.textOf(slot.events))
      if (this.readers > 1 && !this.#known.has(slot)) this.#keep(slot, bytes)
      return bytes
    }
    written.left -= 1
    if (written.left <= 0) this.#written.delete(slot)
    return written.bytes
  }

  /** Events that pass, as Server-Sent Events. */
  textOf(events: readonly TailEvent[]): string {
    let text = ''
    for (const event of events) if (this.#passes(event)) text += event.frame(this.#sight)
    return text
  }

  /** The oldest is forgotten first; a reader that comes to it later has it written again. */
  #keep(slot: Slot, bytes: Buffer): void {
    this.#known.add(slot)
    this.#written.set(slot, { bytes, left: this.readers - 1 })
    if (this.#written.size <= writtenSlotsMax) return
    const [oldest] = this.#written.keys()
    if (oldest !== undefined) this.#written.delete(oldest)
  }
}
