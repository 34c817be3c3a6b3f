import { expect, test } from 'vitest'
import { createTraffic } from '../src/index.js'
import { dayCurve, steadyCurve } from '../src/traffic/day-curve.js'
import { startUs } from './draw.js'

const hourUs = 3_600_000_000

/** Events in each span of a run. */
function countSpans(
  spans: number,
  spanUs: number,
  options: Partial<Parameters<typeof createTraffic>[0]>,
): number[] {
  const traffic = createTraffic({ seed: 11, startUs, ratePerS: 100, ...options })
  return Array.from({ length: spans }, (_, span) => {
    let events = 0
    while (traffic.nextAtUs < (options.startUs ?? startUs) + (span + 1) * spanUs) {
      traffic.next()
      events += 1
    }
    return events
  })
}

test('the day curve has the mean 1 and one busiest and one quietest hour', () => {
  const minutes = Array.from({ length: 1_440 }, (_, minute) => dayCurve(startUs + minute * 60_000_000))
  expect(minutes.reduce((sum, value) => sum + value, 0) / minutes.length).toBeCloseTo(1, 6)
  expect(Math.max(...minutes) / Math.min(...minutes)).toBeGreaterThan(5)
})

test('the rate follows the hours of the day', () => {
  const midnightUs = Date.parse('2026-11-22T00:00:00Z') * 1_000
  const hours = countSpans(24, hourUs, { ratePerS: 3, startUs: midnightUs })
  const total = hours.reduce((sum, events) => sum + events, 0)
  expect(total / (24 * 3_600 * 3)).toBeGreaterThan(0.85)
  expect(total / (24 * 3_600 * 3)).toBeLessThan(1.15)
  expect((hours[20] ?? 0) / (hours[4] ?? 0)).toBeGreaterThan(5)
})

test('a steady rate holds from the first second on', () => {
  for (const events of countSpans(12, 10_000_000, { curve: steadyCurve, ratePerS: 500 })) {
    expect(events).toBeGreaterThan(500 * 10 * 0.9)
    expect(events).toBeLessThan(500 * 10 * 1.1)
  }
})

test('after a standstill the traffic goes on at the new time and at the same rate', () => {
  const traffic = createTraffic({ seed: 5, startUs, ratePerS: 100, curve: steadyCurve })
  const laterUs = startUs + 3 * hourUs
  traffic.skipTo(laterUs)
  expect(traffic.nextAtUs).toBe(laterUs)
  let events = 0
  for (; traffic.nextAtUs < laterUs + 60_000_000; events += 1) {
    expect(traffic.next().atUs).toBeGreaterThanOrEqual(laterUs)
  }
  expect(Math.abs(events - 6_000)).toBeLessThan(900)
})
