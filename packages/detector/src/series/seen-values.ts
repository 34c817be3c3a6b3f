/** So many different values are remembered; then the closest neighbours are thinned out. */
const capacity = 512

/** What is remembered of the values of a series. */
export interface SeenValuesState {
  length: number
  values: Float32Array
}

/** The values that a series has had, in order: what asks how far a new one is from all of them. */
export class SeenValues {
  readonly #values: Float32Array
  #length: number

  constructor(state?: SeenValuesState) {
    this.#values = state?.values ?? new Float32Array(capacity)
    this.#length = state?.length ?? 0
  }

  get state(): SeenValuesState {
    return { length: this.#length, values: this.#values }
  }

  /**
   * The distance of a value to the nearest that was seen, on a scale; undefined when there is none.
   *
   * @param scale keeps the order of values.
   */
  distance(value: number, scale: (value: number) => number): number | undefined {
    if (this.#length === 0) return undefined
    const at = this.#placeOf(value)
    const own = scale(value)
    const above = at < this.#length ? Math.abs(scale(this.#at(at)) - own) : Infinity
    const below = at > 0 ? Math.abs(own - scale(this.#at(at - 1))) : Infinity
    return Math.min(above, below)
  }

  add(value: number): void {
    const at = this.#placeOf(value)
    if (at < this.#length && this.#at(at) === value) return
    if (this.#length === this.#values.length) this.#thin()
    const place = this.#placeOf(value)
    this.#values.copyWithin(place + 1, place, this.#length)
    this.#values[place] = value
    this.#length += 1
  }

  #at(index: number): number {
    return this.#values[index] ?? Number.NaN
  }

  /** Where a value stands or would stand. */
  #placeOf(value: number): number {
    let [low, high] = [0, this.#length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#at(middle) < value) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Half of the values go, those that have the closest neighbours: there a distance is small with or without them. */
  #thin(): void {
    const gaps = Array.from({ length: this.#length - 2 }, (_, i) => this.#at(i + 2) - this.#at(i))
    const limit = gaps.toSorted((a, b) => a - b)[this.#length >>> 1] ?? 0
    let kept = 1
    let skipped = false
    for (let i = 1; i < this.#length; i += 1) {
      const isClose = i < this.#length - 1 && (gaps[i - 1] ?? 0) <= limit
      // Every other one of a crowd stays, so that no hole is torn into it.
      skipped = isClose && !skipped
      if (!skipped) this.#values[kept++] = this.#at(i)
    }
    this.#length = kept
  }
}
