import { describe, expect, test } from 'vitest'
import { parseDurationSeconds, parseMoment, resolveRange } from '../src/parameters/time.js'
import { BadParameters } from '../src/http/problem.js'

const noonMs = Date.UTC(2026, 2, 1, 12)
const noon = noonMs * 1000
const hour = 3_600_000_000
const day = 24 * hour

function rangeOf(from?: string, to?: string) {
  const given = {
    from: from === undefined ? undefined : parseMoment(from),
    to: to === undefined ? undefined : parseMoment(to),
  }
  return resolveRange(given, noonMs, day)
}

function badParameters(from?: string, to?: string): unknown {
  try {
    return rangeOf(from, to)
  } catch (error) {
    if (!(error instanceof BadParameters)) throw error
    return (error.extra['errors'] as { parameter: string }[]).map(({ parameter }) => parameter)
  }
}

describe('a moment', () => {
  test.each([
    ['now', { kind: 'from_now', micros: 0 }],
    ['-15m', { kind: 'from_now', micros: -hour / 4 }],
    ['-24h', { kind: 'from_now', micros: -day }],
    ['-7d', { kind: 'from_now', micros: -7 * day }],
    ['-30s', { kind: 'from_now', micros: -30_000_000 }],
    ['2026-03-01T12:00:00Z', { kind: 'at', micros: noon }],
    ['2026-03-01T12:00:00.123456Z', { kind: 'at', micros: noon + 123_456 }],
    ['2026-03-01', { kind: 'at', micros: noon - 12 * hour }],
    ['2026-03-01T12:00:00-02:00', { kind: 'at', micros: noon + 2 * hour }],
  ])('is read from %s', (text, moment) => {
    expect(parseMoment(text)).toEqual(moment)
  })

  test.each(['', 'yesterday', '15m', '-15', '-15x', '--15m', '2026-02-30', '1772366400', 'NOW', '-1.5h'])(
    'is not "%s"',
    (text) => {
      expect(parseMoment(text)).toBeUndefined()
    },
  )
})

test.each([
  ['60', 60],
  ['90s', 90],
  ['5m', 300],
  ['1h', 3_600],
  ['1d', 86_400],
  ['', undefined],
  ['-5m', undefined],
  ['5 m', undefined],
  ['1e3', undefined],
])('the duration "%s" is %s seconds', (text, seconds) => {
  expect(parseDurationSeconds(text)).toBe(seconds)
})

describe('a range', () => {
  test('without ends is the day before now, and what is dated after it', () => {
    expect(rangeOf()).toEqual({ fromMicros: noon - day, toMicros: noon + day })
  })

  test('without a start begins a day before its end', () => {
    expect(rangeOf(undefined, '2020-01-02')).toEqual({
      fromMicros: Date.UTC(2020, 0, 1) * 1000,
      toMicros: Date.UTC(2020, 0, 2) * 1000,
    })
  })

  test('may be empty', () => {
    expect(rangeOf('now', 'now')).toEqual({ fromMicros: noon, toMicros: noon })
  })

  test.each([
    ['now', '-1h', ['from']],
    ['2026-03-03', undefined, ['from']],
    ['1969-12-31', undefined, ['from']],
    ['-99999999d', undefined, ['from']],
    [undefined, '9999-01-01', ['to']],
    ['1960-01-01', '2101-01-01', ['from', 'to']],
  ])('from %s to %s is refused for %j', (from, to, parameters) => {
    expect(badParameters(from, to)).toEqual(parameters)
  })
})
