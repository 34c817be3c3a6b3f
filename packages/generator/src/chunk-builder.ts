/** Some lines that travel together. */
export interface Chunk {
  /** Counts from 0. */
  number: number
  events: number
  payload: Uint8Array
}

/** How much a chunk may hold. */
export interface ChunkLimits {
  events: number
  bytes: number
}

/** Collects lines until a chunk is full. Lines are plain ASCII: as many bytes as characters. */
export class ChunkBuilder {
  readonly #limits: ChunkLimits
  #number = 0
  #events = 0
  #text = ''

  constructor(limits: ChunkLimits) {
    this.#limits = limits
  }

  /** How many events the chunk holds so far. */
  get events(): number {
    return this.#events
  }

  /** Whether one more line may be added without going over a limit. */
  hasRoomFor(line: string): boolean {
    return this.#events < this.#limits.events && this.#text.length + line.length <= this.#limits.bytes
  }

  /** Adds a line. */
  add(line: string): void {
    this.#text += line
    this.#events += 1
  }

  /** Closes the chunk and begins the next one. */
  take(): Chunk {
    const chunk = { number: this.#number, events: this.#events, payload: Buffer.from(this.#text, 'latin1') }
    this.#number += 1
    this.#events = 0
    this.#text = ''
    return chunk
  }
}
