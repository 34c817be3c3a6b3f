import { describe, expect, test } from 'vitest'
import { presetNames, type PresetName } from '../src/series/presets.js'
import { SeriesEngine, type Verdict } from '../src/series/series-engine.js'
import { dailySeries } from './random.js'

function run(preset: PresetName, rows: readonly [number, number][], stepSeconds: number): Verdict[] {
  const engine = new SeriesEngine(preset, stepSeconds)
  return rows.map(([time, value]) => engine.add(time, value))
}

describe.each(presetNames)('%s', (preset) => {
  const rows = dailySeries(preset === 'ops' ? 8 : 4, 300, 7)

  test('knows nothing of what comes later', () => {
    const whole = run(preset, rows, 300)
    const part = run(preset, rows.slice(0, 700), 300)
    expect(part).toEqual(whole.slice(0, 700))
  })

  test.each([1, 99, 100, 288, 900])('goes on after row %d as if it had never been saved', (cut) => {
    const whole = run(preset, rows, 300)
    const first = new SeriesEngine(preset, 300)
    for (const [time, value] of rows.slice(0, cut)) first.add(time, value)
    const second = SeriesEngine.load(first.save(), preset)
    expect(rows.slice(cut).map(([time, value]) => second.add(time, value))).toEqual(whole.slice(cut))
  })

  test('alerts when the values are like none before', () => {
    const changed = rows.map(([time, value], i): [number, number] => [
      time,
      i >= 1_000 && i < 1_006 ? value + 2_000 : value,
    ])
    const alerts = run(preset, changed, 300).flatMap(({ alert }, i) => (alert ? [i] : []))
    expect(alerts.some((at) => at >= 1_000 && at < 1_006)).toBe(true)
  })
})

test('what is usual at another time of the day alerts at this one, once', () => {
  const rows = dailySeries(9, 60, 3)
  const from = 8 * 1_440 + 300
  const changed = rows.map(([time, value], i): [number, number] => [
    time,
    i >= from && i < from + 20 ? value * 0.3 : value,
  ])
  const verdicts = run('ops', changed, 60)
  const alerts = verdicts.flatMap(({ alert }, i) => (alert ? [i] : []))
  expect(alerts.filter((at) => at >= from && at < from + 20)).toHaveLength(1)
  expect(alerts.filter((at) => at < from).length).toBeLessThanOrEqual(3)
  expect(run('ops', rows, 60).filter(({ alert }) => alert).length).toBeLessThanOrEqual(3)
})

test('a state of something else is refused', () => {
  const ops = new SeriesEngine('ops', 60)
  expect(() => SeriesEngine.load(ops.save(), 'novelty')).toThrow('a state of the preset ops')
  expect(() => SeriesEngine.load(new Uint8Array([1, 2, 3]), 'ops')).toThrow('no state of this version')
})
