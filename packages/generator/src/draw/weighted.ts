import type { Random } from './random.js'

/** Draws values by their weights in constant time (Walker's alias method). */
export class Weighted<T> {
  readonly #values: readonly T[]
  /** Probability that a slot gives its own value; else it gives its alias's. */
  readonly #keep: Float64Array
  readonly #alias: Uint32Array

  /** @throws {RangeError} when there is no value. */
  constructor(entries: readonly (readonly [T, number])[]) {
    if (entries.length === 0) throw new RangeError('There is nothing to draw from.')
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0)
    const shares = entries.map(([, weight]) => (weight * entries.length) / total)
    this.#values = entries.map(([value]) => value)
    this.#keep = new Float64Array(entries.length).fill(1)
    this.#alias = new Uint32Array(entries.length)
    const slots = [...shares.keys()]
    const small = slots.filter((slot) => (shares[slot] ?? 0) < 1)
    const large = slots.filter((slot) => (shares[slot] ?? 0) >= 1)
    this.#fill(shares, small, large)
  }

  /** Fills each slot that is under its share from one that is over it. */
  #fill(shares: number[], small: number[], large: number[]): void {
    while (small.length > 0 && large.length > 0) {
      const under = small.pop() ?? 0
      const over = large.at(-1) ?? 0
      this.#keep[under] = shares[under] ?? 1
      this.#alias[under] = over
      shares[over] = (shares[over] ?? 0) + (shares[under] ?? 0) - 1
      if ((shares[over] ?? 0) < 1) small.push(large.pop() ?? 0)
    }
  }

  /** One of the values, as likely as its weight. */
  pick(random: Random): T {
    const point = random.unit() * this.#values.length
    const slot = Math.floor(point)
    const index = point - slot < (this.#keep[slot] ?? 1) ? slot : (this.#alias[slot] ?? slot)
    return this.#values[index] as T
  }
}
