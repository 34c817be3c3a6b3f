import { ByteWriter } from '../lines/byte-writer.js'
import type { LineWriter } from '../lines/json-line.js'
import type { ShopEvent } from '../traffic/shop-event.js'

/** Some lines that travel together. */
export interface Chunk {
  /** Counts from 0. */
  number: number
  events: number
  /** The builder's own memory: used again for the chunk after the next one. */
  payload: Uint8Array
}

/** When a chunk is full: at so many events, or at the line that makes it so large. */
export interface ChunkLimits {
  events: number
  bytes: number
}

/** Room for the line that makes a chunk full, in bytes; lines have less than 2 KiB. */
const lineRoomBytes = 16 * 1024

/**
 * Collects events as lines until a chunk is full. Two pieces of memory take turns, one being filled while the other
 * is on its way: memory that is new for every chunk costs a third more, nearly all of it in collecting garbage.
 */
export class ChunkBuilder {
  readonly #limits: ChunkLimits
  readonly #writeLine: LineWriter
  #bytes: ByteWriter
  #others: ByteWriter
  #number = 0
  #events = 0

  constructor(limits: ChunkLimits, writeLine: LineWriter) {
    this.#limits = limits
    this.#writeLine = writeLine
    this.#bytes = new ByteWriter(limits.bytes + lineRoomBytes)
    this.#others = new ByteWriter(limits.bytes + lineRoomBytes)
  }

  /** How many events the chunk holds so far. */
  get events(): number {
    return this.#events
  }

  /** Whether the chunk has to be taken before the next event. */
  get isFull(): boolean {
    return this.#events >= this.#limits.events || this.#bytes.length >= this.#limits.bytes
  }

  /** Adds an event. */
  add(event: ShopEvent): void {
    this.#writeLine(this.#bytes, event)
    this.#events += 1
  }

  /** Closes the chunk and begins the next one. */
  take(): Chunk {
    const chunk = { number: this.#number, events: this.#events, payload: this.#bytes.take() }
    ;[this.#bytes, this.#others] = [this.#others, this.#bytes]
    this.#number += 1
    this.#events = 0
    return chunk
  }
}
