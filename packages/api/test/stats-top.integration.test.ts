import type { ApiKey } from '@pulsehouse/platform'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import { emptyOf, measureNames } from '../src/stats/measures.js'
import type { StatsRow as Values } from '../src/stats/stats-query.js'
import { adminKey, appOf, ask, knownKeys } from './support/app.js'
import { insertRows, type Row } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'
import { expectedStats, expectEqual } from './support/stats-oracle.js'
import { trafficRows, trafficStartMicros } from './support/traffic-rows.js'

type StatsRow = Omit<Values, 'time_seconds'>
interface Stats {
  data: StatsRow[]
}

const rows = trafficRows(11, 6_000)
const start = trafficStartMicros
const minute = 60_000_000
const range = { from: '2026-02-28T21:00:00Z', to: '2026-03-01T02:00:00Z' }
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse })
  // In several batches, so that the states of one minute come from several parts.
  for (let first = 0; first < rows.length; first += 2_000) {
    await insertRows(stack.url, rows.slice(first, first + 2_000))
  }
})
afterAll(() => stack.close())

describe('tops and summaries', () => {
  const inRange = { from: '2026-02-28T21:10:00Z', to: '2026-03-01T01:50:00Z' }
  const within = rows.filter(
    ({ timestampMicros: at }) => at >= start + 10 * minute && at < start + 290 * minute,
  )
  const oracle = (groups: string[], members: readonly Row[]) => {
    // A step as long as all of time: one row for each group.
    const stats = expectedStats(members, groups, 1e10)
    return new Map(
      [...stats].map(([key, value]) => [JSON.stringify((JSON.parse(key) as unknown[]).slice(1)), value]),
    )
  }

  test.each([
    ['endpoint', 'errors', 'desc'],
    ['endpoint,status', 'response_time_p95', 'desc'],
    ['service,browser', 'events', 'asc'],
    ['ip_network', 'events', 'desc'],
  ])('by %s in the order of %s %s', async (by, order_by, direction) => {
    const { body } = await ask<Stats>(app, '/v1/stats/top', {
      ...inRange,
      by,
      order_by,
      direction,
      limit: '1000',
    })
    const groups = by.split(',') as (keyof StatsRow)[]
    const expected = oracle(groups, within)
    expect(body.data.length).toBe(expected.size)
    for (const row of body.data) {
      const found = expected.get(JSON.stringify(groups.map((name) => row[name])))
      expect(found, JSON.stringify(row)).toBeDefined()
      if (found !== undefined) expectEqual(row, found)
    }
    const ranks = body.data.map((row) => row[order_by as 'events'] ?? -1)
    expect(ranks).toEqual(ranks.toSorted((a, b) => (direction === 'asc' ? a - b : b - a)))
    const first = await ask<Stats>(app, '/v1/stats/top', { ...inRange, by, order_by, direction, limit: '1' })
    expect(first.body.data).toEqual(body.data.slice(0, 1))
  })

  test('a summary is one row, also of a range in which nothing happened', async () => {
    const { body } = await ask<{ data: StatsRow; tables: string[] }>(app, '/v1/stats/summary', inRange)
    const [expected] = oracle([], within).values()
    if (expected !== undefined) expectEqual(body.data, expected)
    expect(body.tables).toEqual(['totals_by_minute', 'totals_by_hour'])
    const nothing = await ask<{ data: StatsRow }>(app, '/v1/stats/summary', {
      from: '2001-01-01',
      to: '2001-01-02',
    })
    for (const name of measureNames) expect([name, nothing.body.data[name]]).toEqual([name, emptyOf(name)])
  })
})

test('a series and a top leave as files with the columns and values of the JSON', async () => {
  const parameters = {
    ...range,
    step: '30m',
    group_by: 'service,status',
    measures: 'events,response_time_p95',
    fill: 'none',
  }
  const { body } = await ask<Stats>(app, '/v1/stats/series', parameters)
  const get = async (path: string, accept: string) => {
    const search = new URLSearchParams({ ...parameters, ...(path.endsWith('top') ? topParameters : {}) })
    for (const name of path.endsWith('top') ? ['step', 'group_by', 'fill'] : []) search.delete(name)
    const headers = { Accept: accept, Authorization: `Bearer ${adminKey}` }
    const response = await app.request(`${path}?${search.toString()}`, { headers })
    expect(response.status).toBe(200)
    return await response.text()
  }
  const topParameters = { by: 'service', limit: '2' }
  const lines = (await get('/v1/stats/series', 'application/x-ndjson')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(body.data)
  const [head, ...csv] = (await get('/v1/stats/top', 'text/csv')).trim().split('\n')
  expect(head).toBe('"service","events","response_time_p95"')
  expect(csv.length).toBe(2)
})

test('people are for keys that may see them', async () => {
  const reader: ApiKey = { id: 'r', name: 'r', roles: ['read'], createdAt: '', createdBy: '' }
  const key = `ph_${'R'.repeat(43)}`
  const closed = appOf({ clickhouse: stack.clickhouse, keys: knownKeys({ [key]: reader }) })
  for (const search of ['group_by=user', 'group_by=service,ip', 'user=u', 'ip=x']) {
    const headers = { Authorization: `Bearer ${key}` }
    const response = await closed.request(`/v1/stats/series?${search}`, { headers })
    expect([search, response.status]).toEqual([search, 403])
  }
})
