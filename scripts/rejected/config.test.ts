import { expect, test } from 'vitest'
import { readConfig } from './config.js'

const nowMs = Date.UTC(2026, 10, 23, 12)

test.each([
  [['frobnicate'], 'Say list or replay'],
  [['list', 'replay'], 'Say list or replay'],
  [['list', '--reason', 'nonsense'], 'must be one of empty'],
  [['list', '--since', 'yesterday'], '--since is "yesterday"'],
  [['list', '--limit', '0'], 'must be a whole number from 1 to 1000000'],
  [['replay', '--limit', 'ten'], 'must be a whole number from 1 to 1000000'],
])('npm run rejected -- %j is refused with a sentence', (words, sentence) => {
  expect(() => readConfig(words, {}, nowMs)).toThrow(sentence)
})

test.each([
  [[], 0],
  [['--since', '30m'], (nowMs - 1_800_000) * 1000],
  [['--since', '7d'], (nowMs - 604_800_000) * 1000],
  [['--since', '2026-11-22T08:00:00.5Z'], Date.UTC(2026, 10, 22, 8) * 1000 + 500_000],
])('%j is since then', (words, sinceMicros) => {
  const { filter, limit } = readConfig(['list', ...words], {}, nowMs)
  expect(filter).toEqual({ reason: '', sinceMicros })
  expect(limit).toBeUndefined()
})
