import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import { appOf, ask, type ProblemBody } from './support/app.js'
import { expectedFunnel, expectedOrigins, expectedPages, expectedPaths } from './support/behaviour-oracle.js'
import { insertRows, type Row } from './support/rows.js'
import { expectedSessions, inOrder, type ExpectedSession } from './support/session-oracle.js'
import { shopRows } from './support/shop-rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

interface Answer<Data> {
  data: Data
  from: string
  to: string
  tables: string[]
}
interface FunnelRow {
  step: number
  action: string | null
  endpoint: string | null
  sessions: number
  ratio: number | null
  ratio_of_previous: number | null
}

const rows = shopRows(8, 400)
const range = { from: '2026-02-28T21:30:00Z', to: '2026-03-01T02:45:00Z' }
const [fromMicros, toMicros] = [Date.parse(range.from) * 1000, Date.parse(range.to) * 1000]
const within = rows.filter(({ timestampMicros: at }) => at >= fromMicros && at < toMicros)
const begun = expectedSessions(rows).filter(({ startedMicros: at }) => at >= fromMicros && at < toMicros)
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse, nowMs: () => Date.UTC(2026, 2, 4, 12) })
  for (let batch = 0; batch < 3; batch += 1) {
    await insertRows(
      stack.url,
      rows.filter((_, index) => index % 3 === batch),
    )
  }
})
afterAll(() => stack.close())

async function behaviour<Data>(what: string, parameters: Record<string, string> = {}): Promise<Answer<Data>> {
  const path = `/v1/behaviour/${what}`
  const { status, body } = await ask<Answer<Data>>(app, path, { ...range, ...parameters })
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

const part = (some: number, all: number): number | null => (all === 0 ? null : some / all)

describe('GET /v1/behaviour/summary', () => {
  test('equals an oracle', async () => {
    const bounces = begun.filter(({ pages }) => pages === 1).length
    const conversions = begun.filter(({ converted }) => converted).length
    const durations = begun.map((session) => session.duration_seconds).toSorted((a, b) => a - b)
    const middle = (durations.length - 1) / 2
    const median = ((durations[Math.floor(middle)] ?? 0) + (durations[Math.ceil(middle)] ?? 0)) / 2
    const { data, ...head } = await behaviour<Record<string, number>>('summary')
    const { duration_median_seconds: duration, pages_mean: pages, ...exact } = data
    expect(head).toEqual({ ...range, tables: ['sessions', 'totals_by_minute'] })
    expect(exact).toEqual({
      active_users: new Set(within.flatMap(({ user_id: user }) => user ?? [])).size,
      sessions: begun.length,
      bounces,
      bounce_ratio: bounces / begun.length,
      conversions,
      conversion: conversions / begun.length,
    })
    expect(duration).toBeCloseTo(median, 6)
    expect(pages).toBeCloseTo(begun.reduce((sum, session) => sum + session.pages, 0) / begun.length, 9)
  })

  test('of an empty range has zeros, and no ratios', async () => {
    const { data } = await behaviour('summary', { from: '2001-01-01', to: '2001-01-02' })
    expect(data).toEqual({
      active_users: 0,
      sessions: 0,
      bounces: 0,
      bounce_ratio: null,
      pages_mean: null,
      duration_median_seconds: null,
      conversions: 0,
      conversion: null,
    })
  })
})

describe('GET /v1/behaviour/funnel', () => {
  const cases: [steps: string, within: string][] = [
    ['view_page:/home,view_page:/products/{id}', '30m'],
    ['view_page,click_button,submit_form', '1h'],
    ['view_page,view_page,view_page', '2m'],
    ['/home,/home', '1s'],
    ['/products/{id},/cart,/checkout,submit_form:/checkout', '1d'],
    ['submit_form,unknown', '30m'],
    ['unknown,submit_form', '30m'],
  ]
  test.each(cases)('equals an oracle for %s within %s', async (steps, given) => {
    const { data, tables } = await behaviour<FunnelRow[]>('funnel', { steps, within: given })
    const seconds = { '1s': 1, '2m': 120, '30m': 1_800, '1h': 3_600, '1d': 86_400 }[given] ?? 0
    const reached = expectedFunnel(within, steps.split(','), seconds)
    expect(data.map(({ sessions }) => sessions)).toEqual(reached)
    expect(data.map(({ ratio }) => ratio)).toEqual(reached.map((count) => part(count, reached[0] ?? 0)))
    expect(data.map((row) => row.ratio_of_previous)).toEqual(
      reached.map((count, index) => part(count, reached[Math.max(index - 1, 0)] ?? 0)),
    )
    expect(tables).toEqual(['logs'])
  })

  test('says what its steps were', async () => {
    const { data } = await behaviour<FunnelRow[]>('funnel', { steps: 'login,/a\\,b/:id,submit_form:/c:d' })
    expect(data.map(({ step, action, endpoint }) => [step, action, endpoint])).toEqual([
      [1, 'login', null],
      [2, null, '/a,b/:id'],
      [3, 'submit_form', '/c:d'],
    ])
  })

  test('nothing is an empty funnel, in zeros', async () => {
    const { data } = await behaviour<FunnelRow[]>('funnel', { from: '2001-01-01', to: '2001-01-02' })
    expect(data.map(({ sessions, ratio }) => [sessions, ratio])).toEqual([
      [0, null],
      [0, null],
      [0, null],
    ])
  })
})

describe('GET /v1/behaviour/paths', () => {
  test.each([
    [{}, () => true],
    [{ page_from: '/home' }, (pair: { page_from: string }) => pair.page_from === '/home'],
    [{ page_to: '/cart,/checkout' }, (pair: { page_to: string }) => /cart|checkout/.test(pair.page_to)],
  ] as [Record<string, string>, (pair: { page_from: string; page_to: string }) => boolean][])(
    'equals an oracle with %j',
    async (parameters, keep) => {
      const { data } = await behaviour('paths', { limit: '1000', ...parameters })
      expect(data).toEqual(expectedPaths(within).filter(keep))
    },
  )

  test('shows the most frequent only', async () => {
    expect((await behaviour('paths', { limit: '3' })).data).toEqual(expectedPaths(within).slice(0, 3))
  })
})

describe('GET /v1/behaviour/pages', () => {
  test.each(['views', 'users', 'entries', 'exits', 'bounces'] as const)(
    'ordered by %s equals an oracle',
    async (order) => {
      const { data, tables } = await behaviour('pages', { order })
      expect(data).toEqual(expectedPages(within, begun, order))
      expect(tables).toEqual(['stats_by_hour', 'stats_by_minute', 'sessions'])
    },
  )
})

test.each([
  ['2026-02-28T21:10:00Z', '2026-02-28T21:50:00Z'],
  ['2026-02-28T21:50:00Z', '2026-02-28T22:10:00Z'],
  ['2026-02-28T21:00:00Z', '2026-02-28T23:00:00Z'],
  ['2026-02-28T21:59:00Z', '2026-02-28T23:01:00Z'],
])('pages of a range from %s to %s, with whole hours or without', async (from, to) => {
  const [first, last] = [Date.parse(from) * 1000, Date.parse(to) * 1000]
  const { data } = await behaviour('pages', { from, to })
  const inside = rows.filter(({ timestampMicros: at }) => at >= first && at < last)
  const sessions = expectedSessions(rows).filter(({ startedMicros: at }) => at >= first && at < last)
  expect(data).toEqual(expectedPages(inside, sessions, 'views'))
})

describe('sessions by origin', () => {
  test.each([
    ['referrers', 'referrer', {}],
    ['devices', 'device', {}],
    ['devices', 'browser', { by: 'browser' }],
    ['devices', 'os', { by: 'os' }],
  ] as const)('GET /v1/behaviour/%s by %s equals an oracle', async (path, by, parameters) => {
    const { data } = await behaviour<object[]>(path, parameters)
    expect(data).toEqual(expectedOrigins(begun, by))
  })
})

describe('GET /v1/behaviour/retention', () => {
  interface Retention {
    day: string
    first_users: number
    days_later: number
    users: number
    ratio: number | null
    running: boolean
  }
  const day = (index: number): number => Date.UTC(2026, 1, 1 + index) * 1000
  const visit = (user: string, at: number, index: number): Row => ({
    timestampMicros: at,
    level: 'INFO',
    attributes: {},
    streamCreatedSeconds: 1_770_000_000,
    streamSeq: 90_000,
    eventIndex: index,
    session_id: `visit_${index}`,
    user_id: user,
  })
  // Seen on days of February, some of them in the last microsecond of a day and the first of the next.
  const visits: [string, number[]][] = [
    ['ada', [day(0), day(1) - 1, day(1), day(3)]],
    ['bob', [day(1) + 5, day(2) + 5]],
    ['cyd', [day(1) + 9, day(1) + 11]],
    ['dan', [day(-3), day(1), day(2)]],
    ['eve', [day(4) - 1, day(4)]],
  ]

  test('counts users by their first day and the days on which they came back', async () => {
    let index = 0
    await insertRows(
      stack.url,
      visits.flatMap(([user, times]) => times.map((at) => visit(user, at, index++))),
    )
    const given = { from: '2026-02-01T05:00:00Z', to: '2026-02-04T01:00:00Z', days: '3' }
    const { data, from, to } = await behaviour<Retention[]>('retention', given)
    expect([from, to]).toEqual(['2026-02-01T00:00:00Z', '2026-02-05T00:00:00Z'])
    expect(
      data.map((row) => [row.day.slice(-2), row.first_users, row.days_later, row.users, row.ratio]),
    ).toEqual([
      ['01', 1, 0, 1, 1],
      ['01', 1, 1, 1, 1],
      ['01', 1, 2, 0, 0],
      ['01', 1, 3, 1, 1],
      ['02', 2, 0, 2, 1],
      ['02', 2, 1, 1, 0.5],
      ['02', 2, 2, 0, 0],
      ['02', 2, 3, 0, 0],
      ['03', 0, 0, 0, null],
      ['03', 0, 1, 0, null],
      ['03', 0, 2, 0, null],
      ['03', 0, 3, 0, null],
      ['04', 1, 0, 1, 1],
      ['04', 1, 1, 1, 1],
      ['04', 1, 2, 0, 0],
      ['04', 1, 3, 0, 0],
    ])
  })

  test('later days that have not begun have no row, and the present one is running', async () => {
    const { data } = await behaviour<Retention[]>('retention', {
      from: '2026-03-03',
      to: '2026-03-05',
      days: '9',
    })
    expect(data.map((row) => [row.day, row.days_later, row.running])).toEqual([
      ['2026-03-03', 0, false],
      ['2026-03-03', 1, true],
      ['2026-03-04', 0, true],
    ])
  })
})

test('a list leaves as CSV with the columns of the answer', async () => {
  const search = new URLSearchParams({ ...range, limit: '2' }).toString()
  const response = await app.request(`/v1/behaviour/pages?${search}`, { headers: { Accept: 'text/csv' } })
  const [head, ...lines] = (await response.text()).trimEnd().split('\n')
  expect(head).toBe('"page","views","users","entries","exits","bounces"')
  expect(lines.length).toBe(2)
})

const times: [string, string][] = [
  ['from', 'yesterday'],
  ['from', ''],
  ['to', '25:00'],
  ['nope', '1'],
]
const limits: [string, string][] = [
  ['limit', '0'],
  ['limit', '1001'],
]
const refusals: Record<string, [string, string][]> = {
  summary: times,
  funnel: [
    ...times,
    ['steps', 'login'],
    ['steps', ''],
    ['steps', 'a,,b'],
    ['steps', 'a,:b'],
    ['steps', 'a:b,c'],
    ['steps', 'a,b,c,d,e,f,g,h,i,j,k'],
    ['within', '0'],
    ['within', '2d'],
    ['within', 'long'],
    ['from', '-8d'],
  ],
  paths: [...times, ...limits, ['page_from', ','], ['page_to', ''], ['from', '-8d']],
  pages: [...times, ...limits, ['order', 'latency'], ['from', '-40d']],
  referrers: [...times, ...limits, ['by', 'os']],
  devices: [...times, ...limits, ['by', 'user']],
  retention: [...times, ['days', '31'], ['days', 'x'], ['from', '-40d']],
}
describe.each(Object.entries(refusals))('GET /v1/behaviour/%s refuses', (path, given) => {
  test.each(given)('%s=%j', async (parameter, value) => {
    const { status, body } = await ask<ProblemBody>(app, `/v1/behaviour/${path}`, { [parameter]: value })
    expect([status, body.errors?.map((error) => error.parameter)]).toEqual([400, [parameter]])
  })
})

test('the oracle has what the tests are about', () => {
  const ties = (session: ExpectedSession): boolean =>
    inOrder(session.rows).some((row, index, all) => row.timestampMicros === all[index - 1]?.timestampMicros)
  expect(begun.some(ties)).toBe(true)
  expect(begun.some(({ started, ended }) => started < '2026-03-01' && ended > '2026-03-01')).toBe(true)
})
