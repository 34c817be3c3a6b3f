import { expect, test } from 'vitest'
import type { TimeRange } from '../src/parameters/time.js'
import { nextWindow } from '../src/query/newest-windows.js'
import { nowMs } from './support/app.js'
import { seededRandom } from './support/rows.js'

const now = nowMs * 1000
const hour = 3_600_000_000

/** All windows of a range in which each finds so many rows of those that are looked for. */
function windowsOf(range: TimeRange, wanted: number, find: (window: TimeRange) => number): TimeRange[] {
  const windows: TimeRange[] = []
  let found = 0
  for (let window = nextWindow(range, now); window !== undefined;) {
    windows.push(window)
    found += find(window)
    if (found >= wanted) break
    window = nextWindow(range, now, { fromMicros: window.fromMicros, found, wanted })
  }
  return windows
}

test('windows cover the range once, newest first, whatever is found', () => {
  const random = seededRandom(3)
  for (let round = 0; round < 500; round += 1) {
    const toMicros = now + Math.floor((random() - 0.5) * 48 * hour)
    const fromMicros = toMicros - Math.floor(random() ** 4 * 60 * 24 * hour)
    const windows = windowsOf({ fromMicros, toMicros }, 1e9, () => Math.floor(random() ** 3 * 50))
    expect(windows[0]?.toMicros).toBe(toMicros)
    expect(windows.at(-1)?.fromMicros).toBe(fromMicros)
    for (const [index, window] of windows.entries()) {
      expect(window.toMicros).toBe(windows[index - 1]?.fromMicros ?? toMicros)
      expect(window.fromMicros).toBeLessThanOrEqual(window.toMicros)
    }
  }
})

test('a week without a row is few windows, of which the first holds what is newest and what is dated ahead', () => {
  const windows = windowsOf({ fromMicros: now - 7 * 24 * hour, toMicros: now + 24 * hour }, 100, () => 0)
  expect(windows).toHaveLength(3)
  expect(windows[0]).toEqual({ fromMicros: now - hour / 4, toMicros: now + 24 * hour })
  for (const { fromMicros } of windows.slice(1, -1)) expect(fromMicros % hour).toBe(0)
})

test('what comes evenly is found in two windows, whatever its rate, and little more is searched than has to be', () => {
  for (const perHour of [8, 40, 150, 390]) {
    const find = ({ fromMicros, toMicros }: TimeRange): number =>
      Math.floor(((toMicros - fromMicros) / hour) * perHour)
    const windows = windowsOf({ fromMicros: now - 7 * 24 * hour, toMicros: now }, 100, find)
    expect(windows).toHaveLength(2)
    const searched = (now - (windows.at(-1)?.fromMicros ?? 0)) / hour
    expect(searched).toBeLessThan((2 * 100) / perHour + 1)
  }
})

test('an empty range is one empty window', () => {
  const empty = { fromMicros: now, toMicros: now }
  expect(windowsOf(empty, 100, () => 0)).toEqual([empty])
})
