import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseTime } from './series-time.js'

/** A row of a series in a file. */
export interface SeriesRow {
  /** As it stands in the file. */
  timestamp: string
  value: string
  /** Never before that of the row before. */
  timeSeconds: number
  /** Undefined where the file has no number. */
  number: number | undefined
}

const header = 'timestamp,value'
const missing = /^(|nan|null|na)$/i

/**
 * Reads a CSV file with the header `timestamp,value`, row by row.
 *
 * @throws with the file and the line when a row can't be read.
 */
export async function* readSeries(file: string): AsyncGenerator<SeriesRow> {
  let line = 0
  let latest = -Infinity
  const fail = (why: string): never => {
    throw new Error(`${file}, line ${line}: ${why}`)
  }
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line += 1
    if (line === 1) {
      if (text.replace(/^\uFEFF/, '').trim() !== header) fail(`the first line must be ${header}.`)
      continue
    }
    if (text.trim() === '') continue
    const row = rowOf(text) ?? fail('must be a time and a number, separated by a comma.')
    // Clocks are set back, and rows are written twice: such a row is judged as if it were of the latest time.
    latest = Math.max(latest, row.timeSeconds)
    yield { ...row, timeSeconds: latest }
  }
  if (line === 0) throw new Error(`${file} is empty: the first line must be ${header}.`)
}

function rowOf(text: string): SeriesRow | undefined {
  const [timestamp = '', value, ...more] = text.split(',').map((part) => part.trim())
  const timeSeconds = parseTime(timestamp)
  if (timeSeconds === undefined || value === undefined || more.length > 0) return undefined
  if (missing.test(value)) return { timestamp, value, timeSeconds, number: undefined }
  const number = Number(value)
  return Number.isFinite(number) ? { timestamp, value, timeSeconds, number } : undefined
}
