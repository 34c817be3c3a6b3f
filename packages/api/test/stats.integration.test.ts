import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import { emptyOf, measureNames } from '../src/stats/measures.js'
import { rowsMax } from '../src/stats/steps.js'
import type { StatsRow as Values } from '../src/stats/stats-query.js'
import { appOf, ask, nowMs, type ProblemBody } from './support/app.js'
import { insertRows, type Row } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'
import { trafficRows, trafficStartMicros } from './support/traffic-rows.js'
import { expectedStats, expectEqual, groupOf } from './support/stats-oracle.js'

type StatsRow = Omit<Values, 'time_seconds'> & { time: string; running: boolean }
interface Stats {
  data: StatsRow[]
  from: string
  to: string
  tables: string[]
  step_seconds: number
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

async function stats(parameters: Record<string, string>): Promise<Stats> {
  const { status, body } = await ask<Stats>(app, '/v1/stats/series', parameters)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

async function expectOracle(
  parameters: Record<string, string>,
  stepSeconds: number,
  keep: (row: Row) => boolean,
): Promise<string[]> {
  const groups = (parameters['group_by'] ?? '').split(',').filter((name) => name !== '')
  const expected = expectedStats(rows.filter(keep), groups, stepSeconds)
  const { data, tables } = await stats({ ...range, ...parameters, fill: 'none' })
  expect(data.length).toBe(expected.size)
  const filled = await stats({ ...range, ...parameters })
  expect(filled.data.filter(({ events }) => events !== 0)).toEqual(data)
  for (const row of data) {
    const oracle = expected.get(
      groupOf(
        row.time,
        groups.map((name) => row[name as keyof StatsRow]),
      ),
    )
    expect(oracle, JSON.stringify(row)).toBeDefined()
    if (oracle !== undefined) expectEqual(row, oracle)
  }
  return tables
}

describe('statistics equal an oracle in memory', () => {
  test.each([
    ['1m', 60],
    ['5m', 300],
    ['7m', 420],
    ['1h', 3_600],
    ['7200', 7_200],
    ['1d', 86_400],
  ])('at a step of %s', async (step, seconds) => {
    await expectOracle({ step }, seconds, () => true)
  })

  const people = measureNames.filter((name) => name !== 'users' && name !== 'sessions').join(',')
  const groupings: [string, string, string[]][] = [
    ...['endpoint', 'method', 'status', 'action', 'service,endpoint,method,status,action'].map(
      (names): [string, string, string[]] => [names, '1h', ['stats_by_hour']],
    ),
    ['service', '1h', ['services_by_hour']],
    ['service', '5m', ['services_by_minute']],
    ['endpoint', '5m', ['stats_by_minute']],
    ['service,status', '5m', ['stats_by_minute']],
    ['device', '1h', ['logs']],
    ['level,ip_network', '1h', ['logs']],
    ['user,ip', '1h', ['logs']],
  ]
  test.each(groupings)('grouped by %s at a step of %s, read from %j', async (group_by, step, tables) => {
    const seconds = step === '1h' ? 3_600 : 300
    expect(await expectOracle({ step, group_by }, seconds, () => true)).toEqual(tables)
  })

  test.each(['endpoint', 'service,endpoint'])('grouped by %s, without people', async (group_by) => {
    const tables = await expectOracle({ step: '5m', group_by, measures: people }, 300, () => true)
    expect(tables).toEqual(['endpoints_by_minute'])
  })

  test.each(['server', 'protocol', 'device', 'browser', 'os', 'referrer'])(
    'by the facet %s',
    async (facet) => {
      for (const [step, seconds, tables] of [
        ['1h', 3_600, ['facets_by_hour']],
        ['5m', 300, ['facets_by_minute']],
      ] as const)
        for (const group_by of [facet, `service,${facet}`])
          expect(await expectOracle({ step, group_by, measures: people }, seconds, () => true)).toEqual(
            tables,
          )
    },
  )

  const filters: [Record<string, string>, (row: Row) => boolean][] = [
    [{ service: 'checkout,search' }, ({ service }) => service === 'checkout' || service === 'search'],
    [{ endpoint: '/b/:id' }, ({ endpoint }) => endpoint === '/b/:id'],
    [{ method: 'get' }, (row) => row.http_method === 'GET'],
    [{ status: '4xx,500' }, (row) => row.status_code === 404 || row.status_code === 500],
    [{ action: 'login', service: 'catalog' }, (row) => row.action === 'login' && row.service === 'catalog'],
    [{ service: 'checkout', group_by: 'service' }, ({ service }) => service === 'checkout'],
    [{ device: 'mobile', service: 'catalog' }, (row) => row.device === 'mobile' && row.service === 'catalog'],
    [{ level: 'ERROR,WARN' }, ({ level }) => level === 'ERROR' || level === 'WARN'],
    [
      { min_response_time: '450', status: '5xx' },
      (row) => (row.response_time ?? 0) >= 450 && row.status_code === 500,
    ],
  ]
  test.each(filters)('filtered by %j', async (parameters, keep) => {
    await expectOracle({ step: '1h', ...parameters }, 3_600, keep)
  })
})

test('an absent group is null, and its status too', async () => {
  const { data } = await stats({ ...range, step: '1d', group_by: 'service,status', fill: 'none' })
  expect(data.some(({ service, status }) => service === null && status !== null)).toBe(true)
  expect(data.some(({ status }) => status === null)).toBe(true)
  expect(data.every(({ service, status }) => service !== '' && status !== 0)).toBe(true)
})

test('only what was asked for is measured', async () => {
  const { data } = await stats({
    ...range,
    step: '1d',
    group_by: 'service',
    measures: 'events,response_time_p95',
  })
  expect(Object.keys(data[0] ?? {}).toSorted()).toEqual([
    'events',
    'response_time_p95',
    'running',
    'service',
    'time',
  ])
  const all = await stats({ ...range, step: '1d' })
  expect(Object.keys(all.data[0] ?? {})).toEqual(['time', 'running', ...measureNames])
})

test('steps start at multiples of themselves in UTC, also where the range does not', async () => {
  const { data, ...head } = await stats({
    from: '2026-02-28T21:30:20Z',
    to: '2026-03-01T00:10:01Z',
    step: '1h',
  })
  expect(head).toEqual({
    from: '2026-02-28T21:00:00Z',
    to: '2026-03-01T01:00:00Z',
    step_seconds: 3_600,
    tables: ['totals_by_hour'],
  })
  expect(data.map(({ time }) => time)).toEqual(
    ['28T21', '28T22', '28T23'].map((time) => `2026-02-${time}:00:00Z`).concat('2026-03-01T00:00:00Z'),
  )
  const within = rows.filter(({ timestampMicros: t }) => t >= start && t < start + 240 * minute)
  expect(data.reduce((sum, { events }) => sum + (events ?? 0), 0)).toBe(within.length)
})

test('an empty range has no rows, which is no error', async () => {
  expect((await stats({ from: '2001-01-01', to: '2001-01-02' })).data).toEqual([])
  expect((await stats({ from: '2026-03-01', to: '2026-03-01' })).data).toEqual([])
})

test('a latency that was not measured is null, and the minute that is still filling is running', async () => {
  const bare = { level: 'INFO', attributes: {}, streamCreatedSeconds: start / 1e6, streamSeq: 900 }
  const micros = nowMs * 1000
  await insertRows(stack.url, [
    { ...bare, timestampMicros: micros - minute, eventIndex: 0, service: 'bare' },
    { ...bare, timestampMicros: micros, eventIndex: 1, service: 'bare' },
  ])
  const { data, to } = await stats({ from: '-5m', service: 'bare' })
  expect(to).toBe('2026-03-01T12:01:00Z')
  expect(data.map(({ time, running, events }) => [time, running, events])).toEqual([
    ...['11:55', '11:56', '11:57', '11:58'].map((time) => [`2026-03-01T${time}:00Z`, false, 0]),
    ['2026-03-01T11:59:00Z', false, 1],
    ['2026-03-01T12:00:00Z', true, 1],
  ])
  for (const name of measureNames) expect([name, data[0]?.[name]]).toEqual([name, emptyOf(name)])
  for (const name of measureNames) {
    const absent = /_(?:mean|p\d\d|max)$/.test(name)
    expect([name, data[4]?.[name]]).toEqual([name, absent ? null : name === 'events' ? 1 : 0])
  }
})

test('more rows than one answer has are an error, never cut', async () => {
  const at = Date.UTC(2026, 0, 5) * 1000
  const many = (from: number, to: number): Row[] =>
    Array.from({ length: to - from }, (_, index) => ({
      timestampMicros: at,
      level: 'INFO',
      endpoint: `/e${from + index}`,
      attributes: {},
      streamCreatedSeconds: start / 1e6,
      streamSeq: 901,
      eventIndex: from + index,
    }))
  const parameters = {
    from: '2026-01-05',
    to: '2026-01-06',
    group_by: 'endpoint',
    measures: 'events',
    fill: 'none',
  }
  await insertRows(stack.url, many(0, rowsMax))
  expect((await stats(parameters)).data.length).toBe(rowsMax)
  await insertRows(stack.url, many(rowsMax, rowsMax + 1))
  const { status, body } = await ask<ProblemBody>(app, '/v1/stats/series', parameters)
  expect([status, body.type]).toEqual([400, 'urn:pulsehouse:problem:too-many-rows'])
  expect(body.detail).toContain('longer step')
  expect(body.errors?.map(({ parameter }) => parameter)).toEqual(['step'])
  const filled = await ask<ProblemBody>(app, '/v1/stats/series', {
    ...parameters,
    endpoint: '/e1,/e2,/e3',
    fill: 'zero',
    to: '2026-01-20',
  })
  expect([filled.status, filled.body.type]).toEqual([400, 'urn:pulsehouse:problem:too-many-rows'])
})
