import { expect, test } from 'vitest'
import { dayRanges } from '../src/accounting/day-ranges.js'

const [first, last] = ['1970-01-01', '2149-06-06']

test.each([
  ['nothing is stored', [], [{ from: first, to: last }]],
  [
    'all fits into one query',
    [
      { day: '2026-02-28', rows: 9e6 },
      { day: '2026-03-01', rows: 9e6 },
    ],
    [{ from: first, to: last }],
  ],
  [
    'days are large',
    [
      { day: '2026-02-28', rows: 90e6 },
      { day: '2026-03-01', rows: 1e6 },
      { day: '2026-03-04', rows: 19e6 },
      { day: '2026-03-05', rows: 1 },
    ],
    [
      { from: first, to: '2026-02-28' },
      { from: '2026-03-01', to: '2026-03-04' },
      { from: '2026-03-05', to: last },
    ],
  ],
])('%s: every day is in one range', (_, days, ranges) => {
  expect(dayRanges(days)).toEqual(ranges)
})
