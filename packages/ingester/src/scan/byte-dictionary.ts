/** Bytes longer than this hardly come back; they are not remembered. */
const keyBytesMax = 512

/** Bytes at the end of a text that are all hashed; of what stands before, so many are skipped at a time. */
const [hashedWhole, hashStep] = [24, 3]

/** A hash of the bytes from `start` to `end`. Long texts that differ in few places are told apart by comparing them. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  const whole = Math.max(start, end - hashedWhole)
  let hash = end - start
  for (let at = whole; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  for (let at = start; at < whole; at += hashStep) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash ^ (hash >>> 15)
}

/**
 * Remembers what was found out about texts, by their bytes: a text that stands in a chunk is looked up without
 * making a string of it. It forgets everything when it is full, so that its memory is bounded.
 */
export class ByteDictionary<T> {
  readonly #entriesMax: number
  /** Open addressing: 0 is free, else the number of an entry, from 1. */
  readonly #slots: Int32Array
  #hashes: number[] = []
  #keys: Uint8Array[] = []
  #values: T[] = []

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(entriesMax * 2)))
  }

  /** What is known of the bytes from `start` to `end`, whose hash is given; undefined if nothing is. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): T | undefined {
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.#slots[slot] ?? 0) - 1
      if (entry < 0) return undefined
      if (this.#hashes[entry] === hash && isSame(this.#keys[entry], bytes, start, end))
        return this.#values[entry]
    }
  }

  /** Remembers what was found out. */
  add(bytes: Uint8Array, start: number, end: number, hash: number, value: T): void {
    if (end - start > keyBytesMax) return
    if (this.#keys.length >= this.#entriesMax) this.clear()
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#hashes.push(hash)
    this.#keys.push(bytes.slice(start, end))
    this.#values.push(value)
    this.#slots[slot] = this.#keys.length
  }

  clear(): void {
    this.#slots.fill(0)
    this.#hashes = []
    this.#keys = []
    this.#values = []
  }
}

function isSame(key: Uint8Array | undefined, bytes: Uint8Array, start: number, end: number): boolean {
  if (key === undefined || key.length !== end - start) return false
  for (let index = 0; index < key.length; index += 1) if (key[index] !== bytes[start + index]) return false
  return true
}
