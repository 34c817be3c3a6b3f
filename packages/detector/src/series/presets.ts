/** How the statistics of a series become a score, and when a score becomes an alert. */
export interface Preset {
  /** Which statistics are taken, and whether their mean or the largest counts. */
  statistics: readonly ('novelty' | 'ewma' | 'local' | 'season' | 'shape')[]
  combine: 'mean' | 'max'
  /** The score of an alert. */
  threshold: number
  /** How long after an alert there is none, seconds. */
  quietSeconds: number
  /** By how much an alert raises the threshold, and after how many rows little of that is left. */
  raise: number
  raiseRows: number
}

const quiet = { quietSeconds: 1_800, raise: 0.2, raiseRows: 1_000 } as const

/** The presets of the engine; what they are good for, and their figures: docs/detection.md. */
export const presets = {
  /** For the statistics of running services: about 0.3 false alerts a series and day at five minutes a row. */
  ops: { ...quiet, statistics: ['novelty', 'ewma', 'local', 'season'], combine: 'mean', threshold: 2.4 },
  /** For values and courses that a series never had. */
  novelty: { ...quiet, statistics: ['novelty', 'shape'], combine: 'max', threshold: 1.79 },
} as const satisfies Record<string, Preset>

/** A preset's name. */
export type PresetName = keyof typeof presets

/** The presets' names. */
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]]
