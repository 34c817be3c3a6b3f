import { nextSeqOf, type TailPosition } from './position.js'
import type { TailEvent } from './tail-event.js'

/** Some chunks that were read after each other: what is sent in one piece. */
export interface Slot {
  /** All events up to here are in this slot or before it. */
  end: TailPosition
  events: TailEvent[]
  /** Server-Sent Events that come before the events for every reader: what is missing. */
  notice: string
  /** Bytes of the events' lines: a measure of what the slot takes. */
  bytes: number
}

/** Slots of one window at the most, for streams of small chunks. */
const slotsMax = 10_000

/** The newest slots, as many as fit. They have numbers that never come back. */
export class TailWindow {
  readonly #bytesMax: number
  readonly #slots: Slot[] = []
  #first = 0
  #bytes = 0
  /** Up to here everything was dropped, or was never there. */
  #start: TailPosition
  /** Up to where the queue had been filled or read: who has everything up to here goes on with the next slot. */
  reach: TailPosition

  constructor(start: TailPosition, bytesMax: number) {
    this.#start = start
    this.reach = start
    this.#bytesMax = bytesMax
  }

  /** Number of the oldest slot. */
  get first(): number {
    return this.#first
  }

  /** Number that the next slot will have. */
  get next(): number {
    return this.#first + this.#slots.length
  }

  /** Adds a slot and drops the oldest ones that do not fit any more. */
  add(slot: Slot): void {
    this.#slots.push(slot)
    this.#bytes += slot.bytes
    while (this.#slots.length > 1 && (this.#bytes > this.#bytesMax || this.#slots.length > slotsMax)) {
      const [oldest] = this.#slots.splice(0, 1)
      if (oldest === undefined) break
      this.#bytes -= oldest.bytes
      this.#start = oldest.end
      this.#first += 1
    }
  }

  /** A slot by its number; undefined where it is not there yet or any more. */
  slot(number: number): Slot | undefined {
    return this.#slots[number - this.#first]
  }

  /** The slot in which a reader goes on that has everything up to a position; undefined where a part of it is gone. */
  find(position: TailPosition): number | undefined {
    if (!this.#holdsAllAfter(position)) return undefined
    const { createdSeconds } = position
    const next = nextSeqOf(position)
    const index = this.#slots.findIndex(({ end }) => end.createdSeconds === createdSeconds && end.seq >= next)
    if (index !== -1) return this.#first + index
    if (this.reach.createdSeconds === createdSeconds)
      return next <= nextSeqOf(this.reach) ? this.next : undefined
    // The position's stream has been made anew since: its successor's first slot tells that.
    return this.#first + this.#slots.findLastIndex(({ end }) => end.createdSeconds === createdSeconds) + 1
  }

  #holdsAllAfter(position: TailPosition): boolean {
    if (this.#start.createdSeconds === position.createdSeconds) {
      return nextSeqOf(position) >= nextSeqOf(this.#start)
    }
    return this.#slots.some(({ end }) => end.createdSeconds === position.createdSeconds)
  }
}
