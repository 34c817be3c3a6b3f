import { fromBfloat16, toBfloat16 } from './bfloat16.js'
import { medianOf } from './median.js'

const binSeconds = 300
const daySeconds = 86_400
const binsPerDay = daySeconds / binSeconds
/** Today and the seven days before it. */
const daysHeld = 8
/** Values of a bin that its median is made of, at the most. */
const binValuesMax = 16
/** What is expected stands on so many values at least. */
const valuesMin = 2

const none = toBfloat16(Number.NaN)

/** What is remembered of the days of a series. */
export interface SeasonState {
  /** The median of each bin of each day held, as `toBfloat16` writes it; NaN where there was none. */
  medians: Uint16Array
  /** Which day stands in each place, days since 1970. */
  days: Int32Array
  /** The bin that is filling, counted from 1970, its values, and what was expected in it. */
  bin: number
  values: number[]
  expected: number | undefined
}

/** What a series is expected to be at a time of the day: the median of the same five minutes, and those beside them, of the last seven days. */
export class Season {
  readonly #medians: Uint16Array
  readonly #days: Int32Array
  #bin: number
  #values: number[]
  #expected: number | undefined

  constructor(state?: SeasonState) {
    this.#medians = state?.medians ?? new Uint16Array(daysHeld * binsPerDay).fill(none)
    this.#days = state?.days ?? new Int32Array(daysHeld).fill(-1)
    this.#bin = state?.bin ?? -1
    this.#values = state?.values ?? []
    this.#expected = state?.expected
  }

  get state(): SeasonState {
    return {
      medians: this.#medians,
      days: this.#days,
      bin: this.#bin,
      values: this.#values,
      expected: this.#expected,
    }
  }

  /** What is expected at a time, seconds since 1970; undefined before a second day. */
  expectedAt(timeSeconds: number): number | undefined {
    const bin = Math.floor(timeSeconds / binSeconds)
    if (bin !== this.#bin) this.#begin(bin)
    return this.#expected
  }

  /** Remembers a value of the time that was asked for last. */
  add(value: number): void {
    if (this.#values.length < binValuesMax) this.#values.push(value)
  }

  #begin(bin: number): void {
    if (this.#values.length > 0) this.#keep(this.#bin, medianOf(this.#values))
    this.#bin = bin
    this.#values = []
    this.#expected = this.#expectedIn(bin)
  }

  #keep(bin: number, median: number): void {
    const day = Math.floor(bin / binsPerDay)
    const place = day % daysHeld
    if (this.#days[place] !== day) {
      this.#days[place] = day
      this.#medians.fill(none, place * binsPerDay, (place + 1) * binsPerDay)
    }
    this.#medians[place * binsPerDay + (bin % binsPerDay)] = toBfloat16(median)
  }

  #expectedIn(bin: number): number | undefined {
    const found: number[] = []
    for (let days = 1; days < daysHeld; days += 1)
      for (let beside = -1; beside <= 1; beside += 1) {
        const median = this.#medianOf(bin - days * binsPerDay + beside)
        if (!Number.isNaN(median)) found.push(median)
      }
    return found.length < valuesMin ? undefined : medianOf(found)
  }

  #medianOf(bin: number): number {
    const day = Math.floor(bin / binsPerDay)
    const place = day % daysHeld
    if (day < 0 || this.#days[place] !== day) return Number.NaN
    return fromBfloat16(this.#medians[place * binsPerDay + (bin % binsPerDay)] ?? none)
  }
}
