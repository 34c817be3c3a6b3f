import type { Random } from './random.js'

/** All texts of three hexadecimal digits, by their number. */
const hex3 = Array.from({ length: 4_096 }, (_, number) => number.toString(16).padStart(3, '0'))

/**
 * Makes identifiers of 12 hexadecimal digits that look random and never repeat within a run: 32 of their bits are a
 * counter sent through a one-to-one mapping, the other 16 are random.
 */
export class Ids {
  readonly #random: Random
  #count: number

  constructor(random: Random) {
    this.#random = random
    this.#count = random.uint32()
  }

  /** The next identifier. */
  next(): string {
    this.#count = (this.#count + 1) | 0
    const unique = scramble(this.#count)
    const noise = this.#random.uint32()
    const third = ((unique & 0xff) << 4) | (noise >>> 28)
    return `${hex3[unique >>> 20]}${hex3[(unique >>> 8) & 0xfff]}${hex3[third]}${hex3[noise & 0xfff]}`
  }
}

/** Each step can be undone (xor with a shift, product with an odd number), so no two inputs share a result. */
function scramble(input: number): number {
  let value = Math.imul(input ^ (input >>> 16), 0x7feb352d)
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b)
  return (value ^ (value >>> 16)) >>> 0
}
