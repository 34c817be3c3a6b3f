import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { PresetName } from '../series/presets.js'
import { scoreFile } from './score-file.js'

/** What is scored, and how. */
export interface ScoreFolders {
  input: string
  output: string
  /** Where what was learned of each series is kept; absent when it is forgotten. */
  state: string | undefined
  preset: PresetName
}

/**
 * Scores every `*.csv` of a folder into a file of the same name in another.
 *
 * @param report told after each file.
 * @throws when there are none, or the folders are the same; a file that can't be read is named in the end, the others are scored.
 */
export async function scoreFolder(
  { input, output, state, preset }: ScoreFolders,
  report: (line: string) => void,
): Promise<void> {
  const names = csvFilesIn(input)
  if (resolve(input) === resolve(output))
    throw new Error('--in and --out are the same folder: choose another one for the scores.')
  mkdirSync(output, { recursive: true })
  if (state !== undefined) mkdirSync(state, { recursive: true })
  const failures: string[] = []
  for (const [index, name] of names.entries()) {
    const files = { input: join(input, name), output: join(output, name) }
    try {
      const kept = state === undefined ? {} : { state: join(state, `${basename(name, '.csv')}.state`) }
      const startedMs = performance.now()
      const { rows, alerts } = await scoreFile({ ...files, ...kept }, preset)
      const perSecond = Math.round(rows / ((performance.now() - startedMs) / 1000))
      report(`${index + 1} of ${names.length}: ${name}, ${rows} rows, ${alerts} alerts, ${perSecond} rows/s`)
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (failures.length > 0) throw new Error(failures.join('\n'))
}

function csvFilesIn(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new Error(`There is no folder ${folder}: name one with --in.`)
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv'))
  if (names.length === 0) throw new Error(`There is no *.csv in ${folder}: name another folder with --in.`)
  return names.toSorted()
}
