import { inScale } from './in-scale.js'

/** After so many rows little of a value is left. */
const rows = 100
/** From fewer rows the deviation is not known. */
const rowsMin = 30
const weight = 1 - Math.exp(-1 / rows)

/** What a moving average remembers. */
export interface MovingAverageState {
  rows: number
  mean: number | undefined
  variance: number
}

/** An exponentially weighted mean, and how far values are from it. */
export class MovingAverage {
  #mean: number | undefined
  #variance: number
  #rows: number

  constructor(state?: MovingAverageState) {
    this.#mean = state?.mean
    this.#variance = state?.variance ?? 0
    this.#rows = state?.rows ?? 0
  }

  get state(): MovingAverageState {
    return { rows: this.#rows, mean: this.#mean, variance: this.#variance }
  }

  /** How many standard deviations a value is from the mean before it; undefined for the first ones. */
  deviation(value: number): number | undefined {
    if (this.#mean === undefined) {
      this.#mean = value
      return undefined
    }
    const off = value - this.#mean
    const scale = this.#rows < rowsMin ? undefined : Math.sqrt(this.#variance)
    const deviations = inScale(Math.abs(off), scale)
    this.#rows += 1
    this.#mean += weight * off
    this.#variance = (1 - weight) * (this.#variance + weight * off * off)
    return deviations
  }
}
