import { expect, test } from 'vitest'
import { statusLine } from '../scripts/start/status-line.js'

const status = { processed: 12_345, stored: 12_340, rejected: 5, lagChunks: 2, freshnessMs: 312 }

test('the line has what comes in, what is stored and rejected, the lag and the freshness', () => {
  const line = statusLine({ status, rate: 200.6, parts: [], privacy: 'pseudonyms' })
  expect(line).toBe('12,345 in · 12,340 stored · 5 rejected · lag 2 chunks · fresh 0.3 s · 201/s')
  expect(line.length).toBeLessThan(80)
})

test('it begins with what needs a person', () => {
  const parts = [
    { name: 'ingester', state: 'restarting', deaths: 3 },
    { name: 'api', state: 'running', deaths: 1 },
  ] as const
  const line = statusLine({ status, rate: undefined, parts, privacy: 'plain' })
  expect(line).toMatch(/^ingester restarting \(it has ended 3 times\) · PRIVACY=plain · 12,345 in/)
})
