import { LogHistogram, shifted, zeroBin, type LogHistogramState } from './log-histogram.js'

/** Makes the median of absolute deviations of a normal distribution its standard deviation. */
const normalFactor = 1.4826
/** Where most deviations are zero, the scale is at least this share of their mean. */
const meanShare = 0.25
/** Fewer deviations say nothing of what is usual. */
const rowsMin = 30
/** A window is remembered by so many of its rows at the most. */
const ringMax = 720

/** What a scale remembers. */
export interface ScaleState {
  rows: number
  ring: Int16Array
  histogram: LogHistogramState
  /** The bin of the median, and how many lie below it. */
  middle: number
  below: number
  sum: number
}

/** The robust scale of deviations within a window of rows: their median, made a standard deviation. */
export class Scale {
  readonly #every: number
  readonly #ring: Int16Array
  readonly #histogram: LogHistogram
  #rows: number
  #middle: number
  #below: number
  #sum: number

  /** @param windowRows how many rows the window has. */
  constructor(windowRows: number, state?: ScaleState) {
    this.#every = Math.max(1, Math.ceil(windowRows / ringMax))
    this.#ring = state?.ring ?? new Int16Array(Math.max(1, Math.ceil(windowRows / this.#every)))
    this.#histogram = new LogHistogram(state?.histogram)
    this.#rows = state?.rows ?? 0
    this.#middle = state?.middle ?? zeroBin
    this.#below = state?.below ?? 0
    this.#sum = state?.sum ?? 0
  }

  get state(): ScaleState {
    return {
      rows: this.#rows,
      ring: this.#ring,
      histogram: this.#histogram.state,
      middle: this.#middle,
      below: this.#below,
      sum: this.#sum,
    }
  }

  /** The scale; 0 when nothing has deviated, undefined as long as too little is known. */
  get value(): number | undefined {
    const held = this.#held()
    if (this.#rows < rowsMin) return undefined
    const mean = Math.max(this.#sum, 0) / held
    return Math.max(normalFactor * this.#histogram.middleOf(this.#middle), meanShare * mean)
  }

  /** @param deviation how far a row was off, not negative. */
  add(deviation: number): void {
    if (this.#rows % this.#every === 0) this.#keep(deviation)
    this.#rows += 1
  }

  #held(): number {
    return Math.min(Math.ceil(this.#rows / this.#every), this.#ring.length)
  }

  #keep(deviation: number): void {
    const kept = this.#rows / this.#every
    const place = kept % this.#ring.length
    if (kept >= this.#ring.length) this.#forget(this.#ring[place] ?? zeroBin)
    const bin = this.#histogram.add(deviation, (by) => this.#shift(by))
    this.#ring[place] = bin
    this.#sum += this.#histogram.middleOf(bin)
    if (bin < this.#middle) this.#below += 1
    this.#moveMiddle(Math.min(kept + 1, this.#ring.length))
  }

  #forget(bin: number): void {
    this.#histogram.remove(bin)
    this.#sum -= this.#histogram.middleOf(bin)
    if (bin < this.#middle) this.#below -= 1
  }

  #moveMiddle(held: number): void {
    const wanted = Math.floor((held - 1) / 2)
    while (this.#below > wanted) {
      this.#middle -= 1
      this.#below -= this.#histogram.count(this.#middle)
    }
    while (this.#below + this.#histogram.count(this.#middle) <= wanted) {
      this.#below += this.#histogram.count(this.#middle)
      this.#middle += 1
    }
  }

  /** The bins have moved; those of the window and what they add up to move along. */
  #shift(by: number): void {
    this.#sum = 0
    this.#middle = zeroBin
    this.#below = 0
    for (let i = 0; i < this.#ring.length; i += 1) this.#ring[i] = shifted(this.#ring[i] ?? zeroBin, by)
    for (let bin = 0; bin <= this.#histogram.highest; bin += 1)
      this.#sum += this.#histogram.count(bin) * this.#histogram.middleOf(bin)
  }
}
