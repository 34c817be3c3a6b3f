import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectClickhouse, type Clickhouse } from '@pulsehouse/platform'
import { logConditions } from '../src/logs/log-conditions.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

let stack: MigratedClickhouse
let administrator: Clickhouse

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  administrator = connectClickhouse({ url: stack.url, application: 'test' })
  await administrator.command(`INSERT INTO logs (received_day, timestamp, level, message, session_id, correlation_id, request_id)
    SELECT today(), toDateTime64('2026-01-01', 6, 'UTC') + intDiv(number, 100), 'INFO', concat('word', toString(number)),
      concat('s', toString(number)), concat('c', toString(number)), concat('r', toString(number))
    FROM numbers(200000)`)
})
afterAll(async () => {
  await administrator.close()
  await stack.close()
})

test.each([
  ['words', 'text_words', { words: ['word150000'] }],
  ['contains', 'text_words', { contains: '%ord15000%' }],
  ['session', 'by_session', { session: ['s150000'] }],
  ['correlation', 'by_correlation', { correlation: ['c150000'] }],
  ['request', 'by_request', { request: ['r150000'] }],
])('the condition on %s reads a few granules by its index', async (name, index, parameters) => {
  const lines = await administrator.query<{ explain: string }>(
    `SELECT explain FROM (EXPLAIN indexes = 1 SELECT t.timestamp FROM logs AS t WHERE ${logConditions[name]})`,
    parameters,
  )
  const plan = lines.map(({ explain }) => explain).join('\n')
  // The sort key comes first, and for a session it has left few granules to the index.
  const [, all] = /Granules: \d+\/(\d+)/.exec(plan) ?? []
  const [, read] = new RegExp(`Name: ${index}\\b[\\s\\S]*?Granules: (\\d+)/`).exec(plan) ?? []
  expect(Number(all), plan).toBeGreaterThan(20)
  expect(Number(read), plan).toBeLessThan(4)
})
