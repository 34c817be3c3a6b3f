import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import { appOf, ask, type ProblemBody } from './support/app.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

interface Page {
  data: { message: string }[]
}

const range = { from: '2026-02-27T12:00:00Z', to: '2026-02-28T12:00:00Z' }
const fatRows = 400
const messageBytes = 200_000
/** Minutes of a day by the groups of each: nearly as many rows as a series may have. */
const minutes = 1_440
const groups = 34
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse })
  await stack.clickhouse
    .command(`INSERT INTO logs (timestamp, level, received_day, service, message, stream_seq, event_index)
SELECT toDateTime64('2026-02-27 00:00:00', 6, 'UTC') + number, 'INFO', today(), 'fat',
  concat(toString(number), repeat('x', ${messageBytes})), number, 0
FROM numbers(${fatRows}) SETTINGS max_block_size = 50`)
  await stack.clickhouse
    .command(`INSERT INTO logs (timestamp, level, received_day, service, endpoint, user_agent, user_id, session_id, response_time, stream_seq, event_index)
SELECT toDateTime64('2026-02-27 12:00:00', 6, 'UTC') + toIntervalMinute(intDiv(number, ${groups})), 'INFO', today(), 'shop',
  concat('/products/{id}/a-rather-long-endpoint/', toString(number % ${groups})), repeat('Mozilla/5.0 ', 12), 'u', 's', 1.5, 1000 + number, 0
FROM numbers(${minutes * groups})`)
})
afterAll(() => stack.close())

const fat = { from: '2026-02-27T00:00:00Z', to: '2026-02-27T01:00:00Z' }

test('a page of fat events is refused with what to do, a smaller one is not, and the file has them all', async () => {
  const { status, body } = await ask<ProblemBody>(app, '/v1/logs', { ...fat, limit: '1000' })
  expect([status, body.type]).toEqual([400, 'urn:pulsehouse:problem:too-many-bytes'])
  expect(body.detail).toMatch(/smaller limit.*as a file/)

  const page = await ask<Page>(app, '/v1/logs', { ...fat, limit: '50' })
  expect([page.status, page.body.data.length]).toEqual([200, 50])
  expect(page.body.data[0]?.message).toHaveLength(messageBytes + 3)

  const search = new URLSearchParams({ ...fat, limit: '1' }).toString()
  const file = await app.request(`/v1/logs?${search}`, { headers: { Accept: 'application/x-ndjson' } })
  expect((await file.text()).split('\n').length - 1).toBe(fatRows)
})

test('the longest series with all measures fits', async () => {
  const measures =
    'events,errors,error_ratio,response_time_mean,response_time_p50,response_time_p90,response_time_p95,response_time_p99,' +
    'response_time_max,db_query_time_mean,server_processing_time_mean,network_latency_mean,users,sessions'
  const given = { ...range, step: '1m', measures, group_by: 'service,endpoint,user_agent' }
  const { status, body } = await ask<Page & ProblemBody>(app, '/v1/stats/series', given)
  expect([status, body.detail, body.data?.length]).toEqual([200, undefined, minutes * groups])
})
