import { once } from 'node:events'
import { createWriteStream, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { SeriesEngine } from '../series/series-engine.js'
import { medianOf } from '../series/median.js'
import type { PresetName } from '../series/presets.js'
import { readSeries, type SeriesRow } from './read-series.js'

/** The step of a series is found in so many of its first rows, none of which is judged. */
const rowsForStep = 100
const usualStepSeconds = 60
const writeChars = 64 * 1024

/** Where a series is read, and where its scores go. */
export interface ScoreFiles {
  input: string
  output: string
  /** Where what was learned is kept, to go on with a later part of the series; absent when it is forgotten. */
  state?: string
}

/**
 * Scores the series of a file, in one pass: `timestamp,value,score,alert`. The result appears when it is whole.
 *
 * @param presetName taken when there is no state; a state has its own.
 * @returns rows and alerts.
 * @throws with the file and line of what can't be read.
 */
export async function scoreFile(
  files: ScoreFiles,
  presetName: PresetName,
): Promise<{ rows: number; alerts: number }> {
  const draft = `${files.output}.draft-${process.pid}`
  const out = createWriteStream(draft)
  try {
    const { engine, ...counted } = await judgeAll(files, presetName, out)
    renameSync(draft, files.output)
    if (files.state !== undefined) saveState(files.state, engine)
    return counted
  } catch (error) {
    out.destroy()
    rmSync(draft, { force: true })
    throw error
  }
}

/** Writes the scores of all rows. */
async function judgeAll(
  { input, state }: ScoreFiles,
  presetName: PresetName,
  out: Writable,
): Promise<{ rows: number; alerts: number; engine: SeriesEngine }> {
  const counted = { rows: 0, alerts: 0 }
  let text = 'timestamp,value,score,alert\n'
  const judge = async (engine: SeriesEngine, row: SeriesRow): Promise<void> => {
    const { score, alert } =
      row.number === undefined ? { score: 0, alert: false } : engine.add(row.timeSeconds, row.number)
    counted.rows += 1
    if (alert) counted.alerts += 1
    text += `${row.timestamp},${row.value},${Number(score.toFixed(4))},${alert ? 1 : 0}\n`
    if (text.length < writeChars) return
    if (!out.write(text)) await once(out, 'drain')
    text = ''
  }
  let engine = loadState(state, presetName)
  const first: SeriesRow[] = []
  const begin = async (): Promise<SeriesEngine> => {
    const begun = new SeriesEngine(presetName, stepOf(first))
    for (const row of first) await judge(begun, row)
    return begun
  }
  for await (const row of readSeries(input)) {
    if (engine !== undefined) await judge(engine, row)
    else if (first.push(row) === rowsForStep) engine = await begin()
  }
  engine ??= await begin()
  out.end(text)
  await finished(out)
  return { ...counted, engine }
}

/** The usual time from row to row, seconds. */
function stepOf(rows: readonly SeriesRow[]): number {
  const steps = rows.slice(1).map((row, i) => row.timeSeconds - (rows[i]?.timeSeconds ?? 0))
  return steps.length === 0 ? usualStepSeconds : medianOf(steps)
}

function loadState(file: string | undefined, presetName: PresetName): SeriesEngine | undefined {
  if (file === undefined || !existsSync(file)) return undefined
  try {
    return SeriesEngine.load(readFileSync(file), presetName)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${file}: ${why}`, { cause })
  }
}

function saveState(file: string, engine: SeriesEngine): void {
  const draft = `${file}.draft-${process.pid}`
  writeFileSync(draft, engine.save())
  renameSync(draft, file)
}
