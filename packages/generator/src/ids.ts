import type { Random } from './random.js'

/** All texts of four hexadecimal digits, by their number. */
const hex4 = Array.from({ length: 65_536 }, (_, number) => number.toString(16).padStart(4, '0'))

/**
 * Makes identifiers of 16 hexadecimal digits that look random and never repeat within a run: the first half is a
 * counter sent through a one-to-one mapping of 32 bits, the second half is random.
 */
export class Ids {
  readonly #random: Random
  #count: number

  constructor(random: Random) {
    this.#random = random
    this.#count = random.uint32()
  }

  /** The next identifier, after a prefix such as `req_`. */
  next(prefix: string): string {
    this.#count = (this.#count + 1) | 0
    const unique = scramble(this.#count)
    const noise = this.#random.uint32()
    return `${prefix}${hex4[unique >>> 16]}${hex4[unique & 0xffff]}${hex4[noise >>> 16]}${hex4[noise & 0xffff]}`
  }
}

/** Each step can be undone (xor with a shift, product with an odd number), so no two inputs share a result. */
function scramble(input: number): number {
  let value = Math.imul(input ^ (input >>> 16), 0x7feb352d)
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b)
  return (value ^ (value >>> 16)) >>> 0
}
