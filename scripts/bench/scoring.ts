import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SeriesEngine } from '@pulsehouse/detector'
import type { Bench, BenchResult } from './bench.js'
import { randomFrom } from './scoring/random.js'

const rows = 100_000
const series = 10_000
const manySeries = join(import.meta.dirname, 'scoring/many-series.js')
const rowsPerSBar = 50_000
const minuteBarMs = 10_000
const memoryBarMiB = 500

/** What the engine of the detector costs: one long series, and many at once. */
export const scoringBench: Bench = {
  name: 'scoring',
  summary: 'rows a second of one series, and time and memory of 10,000 series a minute, on one core',
  run: async (report) => {
    const perS = rowsPerSecond()
    report(`${series} series, minute by minute…`)
    const { stdout } = await promisify(execFile)(process.execPath, [manySeries, String(series)])
    const { minuteMs, memoryMiB } = JSON.parse(stdout) as { minuteMs: number; memoryMiB: number }
    return [
      of('rows of one series', perS, 'rows/s', rowsPerSBar, perS >= rowsPerSBar),
      of(`a minute of ${series} series`, minuteMs, 'ms', minuteBarMs, minuteMs <= minuteBarMs),
      of(`memory of ${series} series`, memoryMiB, 'MiB', memoryBarMiB, memoryMiB <= memoryBarMiB),
    ]
  },
}

function of(name: string, value: number, unit: string, bar: number, pass: boolean): BenchResult {
  const ratio = Number((value / bar).toFixed(2))
  return { name: `scoring: ${name}`, value: Math.round(value), unit, baseline: bar, ratio, bar, pass }
}

function rowsPerSecond(): number {
  const engine = new SeriesEngine('ops', 60)
  const draw = randomFrom(1)
  const startMs = performance.now()
  for (let i = 0; i < rows; i += 1) engine.add(i * 60, 100 + 50 * draw())
  return rows / ((performance.now() - startMs) / 1000)
}
