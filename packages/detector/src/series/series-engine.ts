import { deserialize, serialize } from 'node:v8'
import { inScale } from './in-scale.js'
import { Local, type LocalState } from './local.js'
import { MovingAverage, type MovingAverageState } from './moving-average.js'
import { presets, type Preset, type PresetName } from './presets.js'
import { Scale, type ScaleState } from './scale.js'
import { Season, type SeasonState } from './season.js'
import { SeenValues, type SeenValuesState } from './seen-values.js'
import { Shape, type ShapeState } from './shape.js'
import { Suppressor, type SuppressorState } from './suppressor.js'
import { Tail, type TailState } from './tail.js'

const daySeconds = 86_400
const seasonScaleDays = 3

/** What the engine says of a row. */
export interface Verdict {
  /** How unlike its past the series is: about the number of zeros of the probability. 0 while it learns. */
  score: number
  alert: boolean
}

/** Everything that an engine knows; all of it is needed to go on as if nothing had happened. */
interface EngineState {
  version: typeof stateVersion
  preset: PresetName
  stepSeconds: number
  suppressor: SuppressorState
  seen: SeenValuesState
  tails: Record<string, TailState>
  average?: MovingAverageState
  local?: LocalState
  season?: SeasonState
  seasonScale?: ScaleState
  shapes?: [ShapeState, ShapeState]
}

const stateVersion = 2

/**
 * Scores one series, row by row, against its own past: it never looks ahead, and its memory does not grow with the series.
 * The method and its sources: docs/detection.md.
 */
export class SeriesEngine {
  readonly #tails = new Map<string, Tail>()
  readonly #seen: SeenValues
  readonly #suppressor: Suppressor
  readonly #average: MovingAverage | undefined
  readonly #local: Local | undefined
  readonly #season: { expected: Season; scale: Scale } | undefined
  readonly #shapes: [Shape, Shape] | undefined
  readonly #preset: Preset

  /** @param stepSeconds time from row to row, where none is missing. */
  constructor(
    private readonly presetName: PresetName,
    private readonly stepSeconds: number,
    state?: EngineState,
  ) {
    this.#preset = presets[presetName]
    const wants = new Set<string>(this.#preset.statistics)
    const rowsIn = (seconds: number): number => Math.max(Math.round(seconds / stepSeconds), 2)
    for (const [name, tail] of Object.entries(state?.tails ?? {})) this.#tails.set(name, new Tail(tail))
    this.#seen = new SeenValues(state?.seen)
    this.#suppressor = new Suppressor(this.#preset, state?.suppressor)
    if (wants.has('ewma')) this.#average = new MovingAverage(state?.average)
    if (wants.has('local')) this.#local = new Local(rowsIn(daySeconds), state?.local)
    if (wants.has('season'))
      this.#season = {
        expected: new Season(state?.season),
        scale: new Scale(rowsIn(seasonScaleDays * daySeconds), state?.seasonScale),
      }
    if (wants.has('shape')) this.#shapes = [new Shape(state?.shapes?.[0]), new Shape(state?.shapes?.[1])]
  }

  /**
   * Goes on where an engine was saved.
   *
   * @throws when these bytes are no state of this version and preset.
   */
  static load(bytes: Uint8Array, preset: PresetName): SeriesEngine {
    const state = readState(bytes)
    if (state?.version !== stateVersion)
      throw new Error('this is no state of this version of the detector: score the series from its start.')
    if (state.preset !== preset)
      throw new Error(`this is a state of the preset ${state.preset}: go on with that, or from the start.`)
    return new SeriesEngine(state.preset, state.stepSeconds, state)
  }

  /** Everything that is known, for {@link SeriesEngine.load}. */
  save(): Uint8Array {
    const state: EngineState = {
      version: stateVersion,
      preset: this.presetName,
      stepSeconds: this.stepSeconds,
      suppressor: this.#suppressor.state,
      seen: this.#seen.state,
      tails: Object.fromEntries([...this.#tails].map(([name, tail]) => [name, tail.state])),
      ...(this.#average && { average: this.#average.state }),
      ...(this.#local && { local: this.#local.state }),
      ...(this.#season && { season: this.#season.expected.state, seasonScale: this.#season.scale.state }),
      ...(this.#shapes && { shapes: [this.#shapes[0].state, this.#shapes[1].state] }),
    }
    return serialize(state)
  }

  /**
   * Judges a row, and learns from it.
   *
   * @param timeSeconds later than the row before, seconds since 1970.
   * @param given a finite number.
   */
  add(timeSeconds: number, given: number): Verdict {
    const value = Math.fround(given)
    const scores = [
      this.#noveltyOf(value),
      ...(this.#average ? [this.#score('ewma', this.#average.deviation(value))] : []),
      ...(this.#local ? [this.#score('local', this.#local.deviation(value))] : []),
      ...(this.#season ? [this.#seasonOf(this.#season, timeSeconds, value)] : []),
      ...(this.#shapes ? [this.#shapeOf(this.#shapes, value)] : []),
    ].filter((score) => score !== undefined)
    const score =
      this.#preset.combine === 'max'
        ? Math.max(...scores)
        : scores.reduce((sum, part) => sum + part, 0) / scores.length
    return { score, alert: this.#suppressor.alerts(timeSeconds, score) }
  }

  /** What the season leads to expect at the time of the next row, seconds since 1970; undefined before a second day. */
  expectedAt(timeSeconds: number): number | undefined {
    return this.#season?.expected.expectedAt(timeSeconds)
  }

  #noveltyOf(value: number): number {
    const [plain, slog] = [identity, signedLog].map((scale) => this.#seen.distance(value, scale))
    this.#seen.add(value)
    return (this.#score('novelty', plain) + this.#score('slog novelty', slog)) / 2
  }

  #shapeOf([plain, slog]: [Shape, Shape], value: number): number {
    const distances = [plain.add(value), slog.add(signedLog(value))]
    return (this.#score('shape', distances[0]) + this.#score('slog shape', distances[1])) / 2
  }

  /** Undefined before there is a day to compare with: then the others decide. */
  #seasonOf(
    { expected, scale }: { expected: Season; scale: Scale },
    timeSeconds: number,
    value: number,
  ): number | undefined {
    const usual = expected.expectedAt(timeSeconds)
    expected.add(value)
    if (usual === undefined) return undefined
    const deviation = Math.abs(value - usual)
    const score = this.#score('season', inScale(deviation, scale.value))
    scale.add(deviation)
    return score
  }

  /** A statistic that is not known yet says nothing. */
  #score(name: string, statistic: number | undefined): number {
    if (statistic === undefined) return 0
    let tail = this.#tails.get(name)
    if (tail === undefined) {
      tail = new Tail()
      this.#tails.set(name, tail)
    }
    return tail.score(statistic)
  }
}

/** Undefined when it is anything else. */
function readState(bytes: Uint8Array): EngineState | undefined {
  try {
    return deserialize(bytes) as EngineState | undefined
  } catch {
    // Whatever these bytes are, they were not written by us.
    return undefined
  }
}

/** Spreads small values and draws large ones together, on both sides of zero. */
function signedLog(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value))
}

function identity(value: number): number {
  return value
}
