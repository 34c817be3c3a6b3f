import { inScale } from './in-scale.js'
import { Scale, type ScaleState } from './scale.js'
import { medianOf } from './median.js'

const rowsBefore = 5

/** What is remembered of the last rows. */
export interface LocalState {
  last: number[]
  scale: ScaleState
}

/** How far a row is from the median of the few before it, in robust scales of the last day. */
export class Local {
  readonly #last: number[]
  readonly #scale: Scale

  constructor(rowsPerDay: number, state?: LocalState) {
    this.#last = state?.last ?? []
    this.#scale = new Scale(rowsPerDay, state?.scale)
  }

  get state(): LocalState {
    return { last: this.#last, scale: this.#scale.state }
  }

  /** The deviation of a row, which is remembered; undefined until there are enough before it. */
  deviation(value: number): number | undefined {
    const deviation = this.#last.length < rowsBefore ? undefined : Math.abs(value - medianOf(this.#last))
    this.#last.push(value)
    if (this.#last.length > rowsBefore) this.#last.shift()
    if (deviation === undefined) return undefined
    const scales = inScale(deviation, this.#scale.value)
    this.#scale.add(deviation)
    return scales
  }
}
