import { describe, expect, test } from 'vitest'
import { findingsOf, lagFindings, worstOf, type Load } from '../src/system/verdict.js'

const load = (given: Partial<Load> = {}): Load => ({
  events: 1_000,
  events_per_second: 3.3,
  error_ratio: 0.01,
  response_time_p95: 200,
  users: 10,
  ...given,
})
const silent = load({ events: 0, events_per_second: 0, error_ratio: null, response_time_p95: null, users: 0 })

describe('a service', () => {
  test.each<[what: string, now: Load, before: Load, hour: Load, verdict: string]>([
    ['as before', load(), load(), load(), 'ok'],
    ['with some errors, as before', load({ error_ratio: 0.09 }), load({ error_ratio: 0.08 }), load(), 'ok'],
    [
      'with few errors, twice as many',
      load({ error_ratio: 0.019 }),
      load({ error_ratio: 0.009 }),
      load(),
      'ok',
    ],
    ['with errors, twice as many', load({ error_ratio: 0.02 }), load(), load(), 'degraded'],
    [
      'with many errors, as before',
      load({ error_ratio: 0.1 }),
      load({ error_ratio: 0.1 }),
      load(),
      'degraded',
    ],
    ['with more errors than not', load({ error_ratio: 0.5 }), load(), load(), 'down'],
    ['with errors of few events', load({ events: 99, error_ratio: 1 }), load({ events: 100 }), load(), 'ok'],
    ['slow, as before', load({ response_time_p95: 900 }), load({ response_time_p95: 460 }), load(), 'ok'],
    ['slow', load({ response_time_p95: 900 }), load({ response_time_p95: 450 }), load(), 'degraded'],
    ['quick, but slower', load({ response_time_p95: 499 }), load({ response_time_p95: 100 }), load(), 'ok'],
    ['without latencies', load({ response_time_p95: null }), load(), load(), 'ok'],
    ['with half of the events', load({ events: 500 }), load(), load(), 'ok'],
    ['with less than half of the events', load({ events: 499 }), load(), load(), 'degraded'],
    ['silent after events', silent, load(), load(), 'down'],
    ['silent for longer', silent, silent, load({ events: 100 }), 'down'],
    ['that is never loud', silent, silent, load({ events: 99 }), 'ok'],
    ['that has just begun', load(), silent, load(), 'ok'],
  ])('%s', (_, now, before, hour, verdict) => {
    const findings = findingsOf('web', now, before, hour)
    expect(worstOf(findings)).toBe(verdict)
    for (const { reason } of findings) expect(reason).toMatch(/^web: .+\.$/)
  })

  test('says what is wrong with its figures', () => {
    const now = load({ error_ratio: 0.6, response_time_p95: 1_234.5, events: 400 })
    expect(findingsOf('web', now, load(), load()).map(({ reason }) => reason)).toEqual([
      'web: 60.0 % of the events are errors; in the 5 minutes before it was 1.0 %.',
      'web: 5 % of the answers take longer than 1235 ms; in the 5 minutes before it was 200 ms.',
      'web: 400 events in 5 minutes, after 1000 in the 5 minutes before.',
    ])
  })
})

test.each([
  [0, 'ok'],
  [29.9, 'ok'],
  [30, 'degraded'],
  [300, 'down'],
])('a lag of %d seconds is %s', (seconds, verdict) => {
  expect(worstOf(lagFindings(seconds))).toBe(verdict)
})

test('the worst finding decides', () => {
  expect(worstOf([])).toBe('ok')
  expect(worstOf([{ verdict: 'down' }, { verdict: 'degraded' }, { verdict: 'ok' }])).toBe('down')
})
