import { LogHistogram, shifted, zeroBin, type LogHistogramState } from './log-histogram.js'

/** So many values are learned from before one is judged. */
const warmUpRows = 100
/** Beyond this quantile of its past a value is judged by an exponential tail. */
const tailShare = 0.02
const tailScore = -Math.log10(tailShare)
/** A score says no more than this: one statistic alone must not decide about all. */
const scoreMax = 12

/** What a tail remembers. */
export interface TailState {
  rows: number
  histogram: LogHistogramState
  /** The bin that the quantile lies in, and what lies above it. */
  edge: number
  above: number
  aboveSum: number
}

/**
 * How improbable a statistic is against its own past: -log10 of the empirical probability of a value as large; above the
 * 0.98 quantile u it goes on as an exponential tail, 1.699 + (d - u) / mean excess / ln 10.
 */
export class Tail {
  #rows: number
  #edge: number
  #above: number
  #aboveSum: number
  readonly #histogram: LogHistogram

  constructor(state?: TailState) {
    this.#rows = state?.rows ?? 0
    this.#edge = state?.edge ?? zeroBin
    this.#above = state?.above ?? 0
    this.#aboveSum = state?.aboveSum ?? 0
    this.#histogram = new LogHistogram(state?.histogram)
  }

  get state(): TailState {
    return {
      rows: this.#rows,
      histogram: this.#histogram.state,
      edge: this.#edge,
      above: this.#above,
      aboveSum: this.#aboveSum,
    }
  }

  /** Scores a value against those before it, and remembers it. */
  score(value: number): number {
    const scored = this.#rows < warmUpRows ? 0 : this.#scoreOf(value)
    this.#learn(value)
    return scored
  }

  #scoreOf(value: number): number {
    const edge = this.#quantile()
    if (value <= edge) return Math.min(Math.log10((this.#rows + 1) / (this.#countFrom(value) + 1)), tailScore)
    const excess = this.#meanExcess(edge)
    if (excess <= 0) return scoreMax
    return Math.min(tailScore + (value - edge) / excess / Math.LN10, scoreMax)
  }

  /** How many are as large; those of the value's own bin count in part. */
  #countFrom(value: number): number {
    if (!(value > 0)) return this.#rows
    const own = this.#histogram.binOf(value)
    let larger = 0
    for (let bin = own + 1; bin <= this.#histogram.highest; bin += 1) larger += this.#histogram.count(bin)
    return larger + this.#histogram.count(own) * this.#restOfBin(own, value)
  }

  /** Which share of a bin lies above a value in it. */
  #restOfBin(bin: number, value: number): number {
    const [lower, upper] = [this.#histogram.lowerOf(bin), this.#histogram.lowerOf(bin + 1)]
    return Math.min(Math.max((upper - value) / (upper - lower), 0), 1)
  }

  /** The quantile beyond which the tail begins. */
  #quantile(): number {
    if (this.#edge === zeroBin) return 0
    const [lower, upper] = [this.#histogram.lowerOf(this.#edge), this.#histogram.lowerOf(this.#edge + 1)]
    return upper - (upper - lower) * this.#edgeShare()
  }

  /** Which share of the edge's bin belongs to the tail. */
  #edgeShare(): number {
    const wanted = tailShare * this.#rows - this.#above
    return Math.min(Math.max(wanted / Math.max(this.#histogram.count(this.#edge), 1), 0), 1)
  }

  #meanExcess(edge: number): number {
    const ofEdge = this.#edge === zeroBin ? 0 : this.#histogram.count(this.#edge) * this.#edgeShare()
    const rows = this.#above + ofEdge
    if (rows <= 0) return 0
    const upper = this.#histogram.lowerOf(this.#edge + 1)
    const excess = this.#aboveSum - this.#above * edge + (ofEdge * Math.max(upper - edge, 0)) / 2
    return excess / rows
  }

  #learn(value: number): void {
    const bin = this.#histogram.add(value, (by) => this.#shift(by))
    this.#rows += 1
    if (bin > this.#edge) {
      this.#above += 1
      this.#aboveSum += this.#histogram.middleOf(bin)
    }
    this.#moveEdge()
  }

  /** Keeps the quantile in the edge's bin: what lies above is the tail at the most, with the bin it is more. */
  #moveEdge(): void {
    const wanted = tailShare * this.#rows
    while (this.#above > wanted) {
      this.#edge += 1
      const count = this.#histogram.count(this.#edge)
      this.#above -= count
      this.#aboveSum -= count * this.#histogram.middleOf(this.#edge)
    }
    while (this.#edge > zeroBin && this.#above + this.#histogram.count(this.#edge) <= wanted) {
      const count = this.#histogram.count(this.#edge)
      this.#above += count
      this.#aboveSum += count * this.#histogram.middleOf(this.#edge)
      this.#edge -= 1
    }
  }

  /** The bins have moved: what lies above the edge is added up anew. */
  #shift(by: number): void {
    this.#edge = shifted(this.#edge, by)
    this.#above = 0
    this.#aboveSum = 0
    for (let bin = this.#edge + 1; bin <= this.#histogram.highest; bin += 1) {
      const count = this.#histogram.count(bin)
      this.#above += count
      this.#aboveSum += count * this.#histogram.middleOf(bin)
    }
  }
}
