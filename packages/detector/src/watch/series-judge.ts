import type { Sighting } from '../findings/sighting.js'
import type { Minute, Sample } from '../minutes/minute.js'
import type { Rules, SeriesRule } from '../rules/rules.js'
import { Evidence } from './evidence.js'
import { metrics, type Nature } from './metrics.js'
import { sightingOf } from './series-sighting.js'
import { WatchedSeries, type Judgement } from './watched-series.js'

/** A series, and what each rule about it has seen so far. */
interface Watched {
  series: WatchedSeries
  rules: { name: string; rule: SeriesRule; evidence: Evidence }[]
}

/** Judges all series of a minute by the rules that are about them. */
export class SeriesJudge {
  readonly #watched = new Map<string, Watched>()

  constructor(
    private readonly rules: Rules,
    /** So many series are watched at the most; those that come later are not. */
    private readonly seriesMax: number,
    /** Told what a rule has accumulated in a run, wherever all else that it asks for holds. */
    private readonly onEvidence?: (rule: string, startedSeconds: number, evidence: number) => void,
  ) {}

  /** How many series are watched. */
  get size(): number {
    return this.#watched.size
  }

  /** Judges a minute: what is going on, and what each series was expected to be. */
  add({ seconds, samples }: Minute): { sightings: Sighting[]; judgements: Judgement[] } {
    const sightings: Sighting[] = []
    const judgements: Judgement[] = []
    for (const sample of samples) {
      const watched = this.#watchedOf(sample)
      if (watched === undefined) continue
      const judgement = watched.series.add(seconds, sample)
      judgements.push(judgement)
      for (const one of watched.rules) {
        const sighting = this.#apply(one, seconds, judgement)
        if (sighting !== undefined) sightings.push(sighting)
      }
    }
    return { sightings, judgements }
  }

  #watchedOf(sample: Sample): Watched | undefined {
    const key = keyOf(sample)
    const known = this.#watched.get(key)
    if (known !== undefined || this.#watched.size >= this.seriesMax) return known
    const rules = this.#rulesFor(sample)
    // Endpoints are many, and nothing but a rule asks for what is expected of one.
    if (rules.length === 0 && sample.endpoint !== '') return undefined
    const watched = { series: new WatchedSeries(sample), rules }
    this.#watched.set(key, watched)
    return watched
  }

  #rulesFor(sample: Sample): Watched['rules'] {
    const scope = sample.endpoint === '' ? (sample.service === '' ? 'whole' : 'service') : 'endpoint'
    return Object.entries(this.rules.series)
      .filter(([, { metric, of }]) => metric === sample.metric && of.includes(scope))
      .map(([name, rule]) => {
        const { drift, most, evidence: enough } = rule
        return { name, rule, evidence: new Evidence({ drift, most, enough }) }
      })
  }

  #apply(
    { name, rule, evidence }: Watched['rules'][number],
    seconds: number,
    judgement: Judgement,
  ): Sighting | undefined {
    const { sample, expected, deviation, learnedDays } = judgement
    if (expected === undefined || learnedDays < this.rules.learning_days) return undefined
    const aside = rule.direction === 'up' ? deviation : -deviation
    evidence.add(seconds, aside, amounts(judgement, expected))
    const { run, enough, sum } = evidence
    if (run === undefined || run.minutes < rule.min_minutes) return undefined
    const { nature } = metrics[sample.metric]
    const effect = effectOf(run, nature)
    const large = rule.direction === 'up' ? effect >= 1 + rule.min_effect : effect <= 1 - rule.min_effect
    const volume = nature === 'level' ? run.of : rule.direction === 'up' ? run.observed : run.expected
    if (!large || volume < rule.min_volume) return undefined
    this.onEvidence?.(name, run.startedSeconds, sum)
    // A minute that is as expected again, or nearly, says nothing, even if the evidence of those before it is still there.
    return enough && aside > rule.drift + 1
      ? sightingOf(name, rule, judgement, { ...run, lastSeconds: seconds, effect })
      : undefined
  }
}

function keyOf({ metric, service, endpoint }: Sample): string {
  return `${metric}|${service}|${endpoint}`
}

/** What came and what was expected, in amounts that can be added up over minutes. */
function amounts(
  { sample, observed }: Judgement,
  expected: number,
): { observed: number; expected: number; of: number } {
  const { value, of, metric } = sample
  const { nature } = metrics[metric]
  if (nature === 'count') return { observed: value, expected, of }
  if (nature === 'ratio') return { observed: value, expected: expected * of, of }
  // Of percentiles the logarithm of their ratio is added up: one slow minute must not outweigh all others.
  return { observed: of * Math.log(Math.max(observed, 0.01) / Math.max(expected, 0.01)), expected: 0, of }
}

/** Observed by expected since it began. */
function effectOf(run: { observed: number; expected: number; of: number }, nature: Nature): number {
  if (nature === 'level') return Math.exp(run.observed / Math.max(run.of, 1))
  return run.observed / Math.max(run.expected, Number.EPSILON)
}
