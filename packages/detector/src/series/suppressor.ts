import type { Preset } from './presets.js'

/** What a suppressor remembers. */
export interface SuppressorState {
  raised: number
  quietUntilSeconds: number
}

/** Turns scores into alerts: not again within a while, and after each the next must score higher. */
export class Suppressor {
  #raised: number
  #quietUntilSeconds: number
  readonly #decay: number

  constructor(
    private readonly preset: Preset,
    state?: SuppressorState,
  ) {
    this.#raised = state?.raised ?? 0
    this.#quietUntilSeconds = state?.quietUntilSeconds ?? -Infinity
    this.#decay = Math.exp(-1 / preset.raiseRows)
  }

  get state(): SuppressorState {
    return { raised: this.#raised, quietUntilSeconds: this.#quietUntilSeconds }
  }

  /** Whether the score of a row is an alert. */
  alerts(timeSeconds: number, score: number): boolean {
    const { threshold, quietSeconds, raise } = this.preset
    this.#raised *= this.#decay
    if (timeSeconds < this.#quietUntilSeconds || score < threshold + this.#raised) return false
    this.#raised += raise
    this.#quietUntilSeconds = timeSeconds + quietSeconds
    return true
  }
}
