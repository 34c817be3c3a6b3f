import { expect, test } from 'vitest'
import { newestWindows } from '../src/query/newest-windows.js'
import { nowMs } from './support/app.js'
import { seededRandom } from './support/rows.js'

const now = nowMs * 1000
const hour = 3_600_000_000

test('windows cover the range once, newest first, and grow', () => {
  const random = seededRandom(3)
  for (let round = 0; round < 500; round += 1) {
    const toMicros = now + Math.floor((random() - 0.5) * 48 * hour)
    const fromMicros = toMicros - Math.floor(random() ** 4 * 60 * 24 * hour)
    const windows = newestWindows({ fromMicros, toMicros }, now)
    expect(windows[0]?.toMicros).toBe(toMicros)
    expect(windows.at(-1)?.fromMicros).toBe(fromMicros)
    for (const [index, window] of windows.entries()) {
      expect(window.toMicros).toBe(windows[index - 1]?.fromMicros ?? toMicros)
      expect(window.fromMicros).toBeLessThanOrEqual(window.toMicros)
    }
  }
})

test('a week is few windows, of which the first holds what is newest and what is dated ahead', () => {
  const windows = newestWindows({ fromMicros: now - 7 * 24 * hour, toMicros: now + 24 * hour }, now)
  expect(windows).toHaveLength(4)
  expect(windows[0]).toEqual({ fromMicros: now - hour / 4, toMicros: now + 24 * hour })
  for (const { fromMicros } of windows.slice(1, -1)) expect(fromMicros % hour).toBe(0)
})

test('an empty range is one empty window', () => {
  expect(newestWindows({ fromMicros: now, toMicros: now }, now)).toEqual([{ fromMicros: now, toMicros: now }])
})
