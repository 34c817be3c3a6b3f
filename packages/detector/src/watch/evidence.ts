/** How much a deviation must be above what is usual before it counts, and how much of that makes a finding. */
export interface EvidenceLimits {
  /** Standard deviations that count for nothing. */
  drift: number
  /** One minute counts for so many at the most. */
  most: number
  /** Accumulated deviation that is enough. */
  enough: number
}

/** Of what came a quarter of an hour ago a third is left: what rises slowly is as large as it is now, not as it was. */
const lately = Math.exp(-1 / 15)

/** What has come since the deviation began, the last minutes above all. */
interface Run {
  startedSeconds: number
  minutes: number
  observed: number
  expected: number
  of: number
}

/**
 * Accumulates how far a series lies to one side of what is expected (Page's cumulative sum): a large deviation is enough
 * at once, a small one after a while, and noise cancels out.
 */
export class Evidence {
  #sum = 0
  #open = false
  #run: Run | undefined

  constructor(private readonly limits: EvidenceLimits) {}

  /** What has come since the deviation began; undefined while there is none. */
  get run(): Readonly<Run> | undefined {
    return this.#run
  }

  /** What has accumulated, standard deviations. */
  get sum(): number {
    return this.#sum
  }

  /** Whether there was enough, and has not gone away again. */
  get enough(): boolean {
    return this.#open
  }

  /**
   * @param deviation standard deviations to the side that is watched.
   * @param values what came, what was expected, out of how many.
   */
  add(seconds: number, deviation: number, values: { observed: number; expected: number; of: number }): void {
    const { drift, most, enough } = this.limits
    // The sum never grows far above the limit, so that the end of a long incident is seen as soon as that of a short one.
    this.#sum = Math.min(Math.max(0, this.#sum + Math.min(deviation - drift, most)), enough * 1.5)
    if (this.#sum === 0) {
      this.#run = undefined
      this.#open = false
      return
    }
    const run = this.#run ?? {
      startedSeconds: seconds,
      minutes: 0,
      observed: 0,
      expected: 0,
      of: 0,
    }
    this.#run = {
      ...run,
      minutes: run.minutes + 1,
      observed: run.observed * lately + values.observed,
      expected: run.expected * lately + values.expected,
      of: run.of * lately + values.of,
    }
    if (this.#sum >= enough) this.#open = true
  }
}
