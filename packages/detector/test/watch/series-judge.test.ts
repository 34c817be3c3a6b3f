import { describe, expect, test } from 'vitest'
import type { Sighting } from '../../src/findings/sighting.js'
import type { Sample } from '../../src/minutes/minute.js'
import { readRules } from '../../src/rules/read-rules.js'
import { SeriesJudge } from '../../src/watch/series-judge.js'
import { seededRandom } from '../random.js'

const daySeconds = 86_400
const draw = seededRandom(7)
const rules = readRules()

/** A count around a mean, as chance makes it. */
function poisson(mean: number): number {
  let [count, product] = [0, draw()]
  for (const limit = Math.exp(-mean); product > limit; product *= draw()) count += 1
  return count
}

/** Judges days of a shop at night and day, and what then comes; says what was seen after the given minute of the last day. */
function judge(after: (seconds: number, usual: number) => Sample[]): Sighting[] {
  const judge = new SeriesJudge(rules, 100)
  const seen: Sighting[] = []
  for (let seconds = 0; seconds < 5 * daySeconds + 10 * 3_600; seconds += 60) {
    const usual = 60 + 30 * Math.sin((seconds / daySeconds) * 2 * Math.PI)
    const samples = after(seconds, usual)
    const { sightings } = judge.add({ seconds, samples, logins: [], busy: [], divided: [], admins: [] })
    seen.push(...sightings)
  }
  return seen
}

const brokenFrom = 5 * daySeconds + 9 * 3_600
const events = (value: number): Sample => ({ metric: 'events', service: '', endpoint: '', value, of: 0 })
const errors = (value: number, of: number): Sample => ({
  metric: 'server_error_ratio',
  service: 'web',
  endpoint: '',
  value,
  of,
})
const times = (value: number, of: number): Sample => ({
  metric: 'response_time_p50',
  service: 'web',
  endpoint: '/',
  value,
  of,
})

describe('a series', () => {
  test('that goes on as it always did has no finding', () => {
    const seen = judge((_, usual) => {
      const of = poisson(usual)
      return [
        events(of),
        errors(poisson(of * 0.01), of),
        times(50 * Math.exp((0.7 * (draw() + draw() - 1)) / Math.sqrt(of)), of),
      ]
    })
    expect(seen).toEqual([])
  })

  test('that falls by half is found within three minutes, and what was expected is the time of day', () => {
    const [first] = judge((seconds, usual) => [events(poisson(seconds < brokenFrom ? usual : usual / 3))])
    expect(first).toMatchObject({ kind: 'traffic_drop', severity: 'critical', startedSeconds: brokenFrom })
    expect(first?.lastSeconds).toBeLessThanOrEqual(brokenFrom + 120)
    const usual = 60 + 30 * Math.sin((brokenFrom / daySeconds) * 2 * Math.PI)
    expect(Math.abs((first?.expected ?? 0) - usual)).toBeLessThan(usual * 0.15)
    expect(first?.summary).toMatch(
      /^\d+ events a minute, expected \d+ \(\d+ to \d+\)\. Of the last \d min together: \d+ % of what is usual\.$/,
    )
  })

  test('of errors is found in its third minute; a bad minute alone is not', () => {
    const burst = judge((seconds, usual) => {
      const of = poisson(usual)
      return [errors(poisson(of * (seconds < brokenFrom ? 0.01 : 0.3)), of)]
    })
    expect(burst[0]).toMatchObject({ kind: 'error_burst', service: 'web', lastSeconds: brokenFrom + 120 })
    const blip = judge((seconds, usual) => {
      const of = poisson(usual)
      return [errors(seconds >= brokenFrom && seconds < brokenFrom + 120 ? of * 0.3 : 0, of)]
    })
    expect(blip).toEqual([])
  })

  test('that becomes three times as slow is a regression of its endpoint', () => {
    const [first] = judge((seconds, usual) => [
      times(
        (seconds < brokenFrom ? 50 : 150) * Math.exp((0.7 * (draw() + draw() - 1)) / Math.sqrt(usual)),
        Math.round(usual),
      ),
    ])
    expect(first).toMatchObject({ kind: 'latency_regression', service: 'web', endpoint: '/', unit: 'ms' })
    expect(first?.lastSeconds).toBeLessThanOrEqual(brokenFrom + 180)
  })

  test('that falls silent altogether is told apart from one that has less', () => {
    const [first] = judge((seconds, usual) => [events(seconds < brokenFrom ? poisson(usual) : 0)])
    expect(first).toMatchObject({ kind: 'no_events', title: 'No events arrive, though the pipeline works' })
  })
})

test('no more series are watched than there may be', () => {
  const judge = new SeriesJudge(rules, 3)
  const samples = Array.from({ length: 5 }, (_, i) => ({ ...events(1), service: String(i) }))
  judge.add({ seconds: 0, samples, logins: [], busy: [], divided: [], admins: [] })
  expect(judge.size).toBe(3)
})
