import { expect, test } from 'vitest'
import { statusLine } from '../scripts/start/status-line.js'

const status = {
  accepted: 12_345,
  estimated: false,
  stored: 12_340,
  rejected: 5,
  lagChunks: 2,
  freshnessMs: 312,
}
const rest = { ageMs: 900, freeBytes: undefined }

test('the line has what comes in, what is stored and rejected, the lag and the freshness', () => {
  const line = statusLine({ status, rate: 200.6, parts: [], privacy: 'pseudonyms', ...rest })
  expect(line).toBe('12,345 in · 12,340 stored · 5 rejected · lag 2 chunks · fresh 0.3 s · 201/s')
  expect(line.length).toBeLessThan(80)
})

test('it begins with what needs a person', () => {
  const parts = [
    { name: 'ingester', state: 'restarting', deaths: 3 },
    { name: 'api', state: 'running', deaths: 1 },
  ] as const
  const trouble = { parts, privacy: 'plain', ageMs: 12_400, freeBytes: 3_500_000 }
  const line = statusLine({ status: { ...status, estimated: true }, rate: undefined, ...trouble })
  expect(line).toBe(
    'ingester restarting (it has ended 3 times) · disk full: 3 MB free · no figures for 12 s · PRIVACY=plain · ' +
      '≈ 12,345 in · 12,340 stored · 5 rejected · lag 2 chunks · fresh 0.3 s',
  )
})

test('a part that is not there yet says what it does, and one that will not come says nothing', () => {
  const parts = [
    { name: 'superset', state: 'starting', deaths: 0, doing: 'installing Superset' },
    { name: 'api', state: 'stopped', deaths: 0 },
  ] as const
  const line = statusLine({ status, rate: undefined, parts, privacy: 'pseudonyms', ...rest })
  expect(line).toMatch(/^superset: installing Superset… · 12,345 in · /)
})
