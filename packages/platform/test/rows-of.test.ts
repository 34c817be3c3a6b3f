import { expect, test } from 'vitest'
import { rowsOf } from '../src/clickhouse/rows-of.js'

test('columns become rows with all of their values, in their order', () => {
  const rows = rowsOf({ time: [1, 2], service: ['a', null], tags: [{ k: 'v' }, {}] })
  expect(rows).toEqual([
    { time: 1, service: 'a', tags: { k: 'v' } },
    { time: 2, service: null, tags: {} },
  ])
})

test('a result without rows has none, a statement without columns neither', () => {
  expect(rowsOf({ time: [], service: [] })).toEqual([])
  expect(rowsOf({})).toEqual([])
})
