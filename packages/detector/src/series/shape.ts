/** Rows of a stretch. */
const stretchRows = 32
/** How far back a stretch is looked for, rows. */
const lagMax = 4_096
const neighbours = 5
/** What is needed of the past at each row. */
const kept = lagMax + stretchRows

/** What is remembered of the course of a series. */
export interface ShapeState {
  /** The last rows, oldest first, with room behind them. */
  values: Float64Array
  length: number
  /** For each distance back: the sum of squared differences between the last stretch and that one. */
  sums: Float64Array
}

/** How unlike the last rows are to every stretch before them. */
export class Shape {
  readonly #values: Float64Array
  readonly #sums: Float64Array
  #length: number

  constructor(state?: ShapeState) {
    this.#values = state?.values ?? new Float64Array(2 * kept)
    this.#sums = state?.sums ?? new Float64Array(lagMax + 1)
    this.#length = state?.length ?? 0
  }

  get state(): ShapeState {
    return { values: this.#values, length: this.#length, sums: this.#sums }
  }

  /**
   * Adds a row.
   *
   * @returns the mean distance of the last stretch to the nearest earlier ones, a row; undefined as long as there are too few.
   */
  add(value: number): number | undefined {
    if (this.#length === this.#values.length) {
      this.#values.copyWithin(0, this.#length - kept)
      this.#length = kept
    }
    const last = this.#length
    this.#values[last] = value
    this.#length += 1
    const reach = Math.min(lagMax, last)
    this.#compare(value, last, reach)
    const whole = Math.min(reach, last + 1 - stretchRows)
    return whole < stretchRows + neighbours ? undefined : this.#nearest(whole)
  }

  /** Takes the newest pair of rows into each sum and the one that has left the stretch out of it. */
  #compare(value: number, last: number, reach: number): void {
    const [values, sums] = [this.#values, this.#sums]
    const left = last - stretchRows
    for (let lag = stretchRows; lag <= reach; lag += 1) {
      const now = value - (values[last - lag] ?? 0)
      let sum = (sums[lag] ?? 0) + now * now
      if (left >= lag) {
        const gone = (values[left] ?? 0) - (values[left - lag] ?? 0)
        sum -= gone * gone
      }
      sums[lag] = sum
    }
  }

  #nearest(whole: number): number {
    const least = Array.from({ length: neighbours }, () => Infinity)
    for (let lag = stretchRows; lag <= whole; lag += 1) {
      const sum = this.#sums[lag] ?? Infinity
      if (sum < (least[neighbours - 1] ?? 0)) insertInto(least, sum)
    }
    return least.reduce((total, sum) => total + Math.sqrt(Math.max(sum, 0) / stretchRows), 0) / neighbours
  }
}

/** Puts a value among the least, which are in order, and drops the largest. */
function insertInto(least: number[], value: number): void {
  let at = least.length - 1
  while (at > 0 && (least[at - 1] ?? 0) > value) {
    least[at] = least[at - 1] ?? 0
    at -= 1
  }
  least[at] = value
}
