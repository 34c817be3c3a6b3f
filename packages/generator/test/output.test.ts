import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { startUs } from './draw.js'
import { planIncidents } from '../src/incidents/plan-incidents.js'
import { readScenario } from '../src/incidents/read-scenario.js'
import {
  ByteWriter,
  createJsonLine,
  createPipeLine,
  createTraffic,
  type LineWriter,
  type TrafficOptions,
} from '../src/index.js'
import { steadyCurve } from '../src/traffic/day-curve.js'

/** A hash of the first lines of a run. */
function hashOf(count: number, writeLine: LineWriter, options: Partial<TrafficOptions>): string {
  const traffic = createTraffic({ seed: 1, startUs, ratePerS: 200, ...options })
  const out = new ByteWriter(16 * 1024)
  const hash = createHash('sha256')
  for (let drawn = 0; drawn < count; drawn += 1) {
    writeLine(out, traffic.next())
    hash.update(out.take())
  }
  return hash.digest('hex').slice(0, 16)
}

/** What a run is made of, and what its lines have hashed to since the format was settled. */
interface Run {
  hash: string
  count: number
  pipe?: boolean
  options: Partial<TrafficOptions>
}

const showcase = planIncidents(readScenario('showcase'), 1, startUs)

const runs: Record<string, Run> = {
  'the everyday': { hash: '12c303088e37bfff', count: 60_000, options: { anomalyRate: 0.002 } },
  'a crowd, at the same rate at every hour': {
    hash: '21132b47174f182b',
    count: 30_000,
    options: { ratePerS: 5_000, curve: steadyCurve },
  },
  'few users, many anomalies': {
    hash: 'ea92b903f86b5c21',
    count: 30_000,
    options: { seed: 2, users: 300, anomalyRate: 0.3 },
  },
  'every kind of incident': {
    hash: 'f718239babfb8220',
    count: 80_000,
    options: { ratePerS: 10, anomalyRate: 0.002, incidents: showcase },
  },
  'the pipe format': { hash: 'ba33e5e11e746fe6', count: 20_000, pipe: true, options: { anomalyRate: 0.1 } },
  'the pipe format with incidents': {
    hash: 'c5db01afc5f3674d',
    count: 20_000,
    pipe: true,
    options: { ratePerS: 10, incidents: showcase },
  },
}

// Backtests, benchmarks and bug reports name a run by its seed: whatever is made faster, its bytes stay.
test.each(Object.entries(runs))('%s: byte by byte what the seed has always given', (_name, run) => {
  const writeLine = run.pipe === true ? createPipeLine() : createJsonLine()
  expect(hashOf(run.count, writeLine, run.options)).toBe(run.hash)
})
