import type { Random } from '../draw/random.js'

/**
 * Makes identifiers of 48 bits that look random and never repeat within a run: 32 of their bits are a counter sent
 * through a one-to-one mapping, the other 16 are random.
 */
export class Ids {
  readonly #random: Random
  #count: number

  constructor(random: Random) {
    this.#random = random
    this.#count = random.uint32()
  }

  /** The next identifier. */
  next(): number {
    this.#count = (this.#count + 1) | 0
    return scramble(this.#count) * 2 ** 16 + (this.#random.uint32() >>> 16)
  }
}

/** An identifier as its 12 hexadecimal digits. */
export function idText(id: number): string {
  const upper = Math.floor(id / 2 ** 24)
  return hex24(upper) + hex24(id - upper * 2 ** 24)
}

/** Small numbers, because JavaScript is slow at writing large ones in hexadecimal. */
function hex24(value: number): string {
  return value.toString(16).padStart(6, '0')
}

/** Each step can be undone (xor with a shift, product with an odd number), so no two inputs share a result. */
function scramble(input: number): number {
  let value = Math.imul(input ^ (input >>> 16), 0x7feb352d)
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b)
  return (value ^ (value >>> 16)) >>> 0
}
