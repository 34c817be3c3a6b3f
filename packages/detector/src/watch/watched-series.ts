import { SeriesEngine } from '../series/series-engine.js'
import { Scale } from '../series/scale.js'
import type { Sample } from '../minutes/minute.js'
import { metrics, type Nature } from './metrics.js'

const minuteSeconds = 60
const minutesPerDay = 1_440
const scaleDays = 3
/** A share of the past is forgotten with every minute: a day's worth is what an expected ratio stands on. */
const ratioKeeps = Math.exp(-1 / minutesPerDay)
/** A minute that is further off than this, in standard deviations, teaches no ratio. */
const teachesMax = 4
/** The band of a chart, standard deviations to each side: what lies outside is one minute in a thousand. */
const bandWidth = 3
/** Whatever never happened may happen once in a hundred minutes. */
const meanLeast = 0.01
/** Keeps the square root of small counts as even as that of large ones (Anscombe). */
const anscombe = 0.375

/** What is said of a series in a minute. */
export interface Judgement {
  sample: Sample
  /** The value as people know it: a ratio, where it is one. */
  observed: number
  /** Undefined while it is being learned. */
  expected: number | undefined
  low: number | undefined
  high: number | undefined
  /** How far it is from what is expected, in standard deviations; 0 while it is being learned. */
  deviation: number
  /** Of the series engine: about the number of zeros of its probability. */
  score: number
  /** For how long the series has been watched, days. */
  learnedDays: number
}

/** One series with all that is known of its past. */
export class WatchedSeries {
  readonly #engine = new SeriesEngine('ops', minuteSeconds)
  readonly #scale = new Scale(scaleDays * minutesPerDay)
  readonly #nature: Nature
  #firstSeconds: number | undefined
  #part = 0
  #whole = 0

  constructor({ metric }: Sample) {
    this.#nature = metrics[metric].nature
  }

  /** Judges a minute, and learns from it. */
  add(seconds: number, sample: Sample): Judgement {
    this.#firstSeconds ??= seconds
    const observed = this.#nature === 'ratio' ? ratioOf(sample.value, sample.of) : sample.value
    const expected = this.#expectedAt(seconds)
    const { score } = this.#engine.add(seconds, observed)
    const learnedDays = (seconds - this.#firstSeconds) / (minutesPerDay * minuteSeconds)
    if (expected === undefined) {
      this.#learnRatio(sample)
      return { sample, observed, expected, low: undefined, high: undefined, deviation: 0, score, learnedDays }
    }
    const scale = Math.max(this.#scale.value ?? 0, this.#scaleLeast)
    const raw = this.#rawDeviation(sample, expected)
    const deviation = raw / scale
    this.#scale.add(Math.abs(raw))
    if (Math.abs(deviation) < teachesMax) this.#learnRatio(sample)
    const [low, high] = this.#bandOf(expected, sample.of, bandWidth * scale)
    return { sample, observed, expected, low, high, deviation, score, learnedDays }
  }

  get #scaleLeast(): number {
    // Counts can't vary less than chance makes them; nothing is known of the least variation of times.
    return this.#nature === 'level' ? Number.EPSILON : 1
  }

  #expectedAt(seconds: number): number | undefined {
    if (this.#nature !== 'ratio') return this.#engine.expectedAt(seconds)
    return this.#whole > 0 ? this.#part / this.#whole : undefined
  }

  #learnRatio({ value, of }: Sample): void {
    if (this.#nature !== 'ratio') return
    this.#part = this.#part * ratioKeeps + value
    this.#whole = this.#whole * ratioKeeps + of
  }

  #rawDeviation({ value, of }: Sample, expected: number): number {
    if (this.#nature === 'level')
      return Math.log(Math.max(value, 0.01) / Math.max(expected, 0.01)) * Math.sqrt(of)
    if (this.#nature === 'ratio') return ofRareEvents(value, expected * of)
    return rooted(value) - rooted(expected)
  }

  /** The deviation turned round: which values lie so far off. */
  #bandOf(expected: number, of: number, width: number): [number, number] {
    if (this.#nature === 'level') {
      const factor = Math.exp(width / Math.sqrt(Math.max(of, 1)))
      return [expected / factor, expected * factor]
    }
    const middle = rooted(this.#nature === 'ratio' ? expected * of : expected)
    const [low, high] = [middle - width, middle + width].map((root) =>
      Math.max((Math.max(root, 0) / 2) ** 2 - anscombe, 0),
    )
    if (this.#nature === 'count') return [low ?? 0, high ?? 0]
    return [ratioOf(low ?? 0, of), Math.min(ratioOf(high ?? 0, of), 1)]
  }
}

/**
 * How far a count is from what is expected, where that may be far below one: the signed root of the deviance of a Poisson
 * distribution. Five failed orders of six say more than their square roots do.
 */
function ofRareEvents(count: number, expected: number): number {
  const mean = Math.max(expected, meanLeast)
  const deviance = 2 * ((count === 0 ? 0 : count * Math.log(count / mean)) - (count - mean))
  return Math.sign(count - mean) * Math.sqrt(Math.max(deviance, 0))
}

function rooted(count: number): number {
  return 2 * Math.sqrt(count + anscombe)
}

function ratioOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
