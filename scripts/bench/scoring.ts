import { SeriesEngine } from '@pulsehouse/detector'
import type { Bench, BenchResult } from './bench.js'

const rows = 100_000
const series = 10_000
/** Minutes that 10,000 series are judged for: enough for their memory to be what it will be. */
const minutes = 1_100
const rowsPerSBar = 50_000
const minuteBarMs = 10_000
const memoryBarMiB = 500

/** What the engine of the detector costs: one long series, and many at once. */
export const scoringBench: Bench = {
  name: 'scoring',
  summary: 'rows a second of one series, and time and memory of 10,000 series a minute, on one core',
  run: (report) => {
    const perS = rowsPerSecond()
    report(`${series} series for ${minutes} minutes…`)
    const { minuteMs, memoryMiB } = manySeries()
    return Promise.resolve([
      of('rows of one series', perS, 'rows/s', rowsPerSBar, perS >= rowsPerSBar),
      of(`a minute of ${series} series`, minuteMs, 'ms', minuteBarMs, minuteMs <= minuteBarMs),
      of(`memory of ${series} series`, memoryMiB, 'MiB', memoryBarMiB, memoryMiB <= memoryBarMiB),
    ])
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

/** The slowest minute, because that is what an alert waits for. */
function manySeries(): { minuteMs: number; memoryMiB: number } {
  const engines = Array.from({ length: series }, () => new SeriesEngine('ops', 60))
  const draw = randomFrom(2)
  let minuteMs = 0
  for (let minute = 0; minute < minutes; minute += 1) {
    const startMs = performance.now()
    for (const engine of engines) engine.add(minute * 60, 100 + 50 * draw())
    minuteMs = Math.max(minuteMs, performance.now() - startMs)
  }
  return { minuteMs, memoryMiB: process.memoryUsage.rss() / 2 ** 20 }
}

function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
