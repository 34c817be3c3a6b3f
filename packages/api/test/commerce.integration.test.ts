import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import { noCommerce, type CommerceRow } from '../src/commerce/commerce.js'
import { adminKey, appOf, ask, nowMs, type ProblemBody } from './support/app.js'
import { insertRows, type Row } from './support/rows.js'
import { shopRows } from './support/shop-rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

type Trade = Omit<CommerceRow, 'time_seconds'>
type Step = Trade & { time: string; running: boolean }
interface Answer<Data> {
  data: Data
  from: string
  to: string
  tables: string[]
}

const rows = shopRows(13, 400)
const range = { from: '2026-02-28T21:30:00Z', to: '2026-03-01T03:15:00Z' }
const between = (from: number, to: number): Row[] =>
  rows.filter(({ timestampMicros: at }) => at >= from * 1e6 && at < to * 1e6)
const [fromSeconds, toSeconds] = [Date.parse(range.from) / 1000, Date.parse(range.to) / 1000]
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse })
  for (let batch = 0; batch < 3; batch += 1) {
    await insertRows(
      stack.url,
      rows.filter((_, index) => index % 3 === batch),
    )
  }
})
afterAll(() => stack.close())

async function commerce<Data>(what: string, parameters: Record<string, string> = {}): Promise<Answer<Data>> {
  const given = { ...range, ...parameters }
  const { status, body } = await ask<Answer<Data>>(app, `/v1/commerce/${what}`, given)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

const different = (members: readonly Row[], name: 'session_id' | 'user_id'): number =>
  new Set(members.flatMap((row) => row[name] ?? [])).size
const part = (some: number, all: number): number | null => (all === 0 ? null : some / all)

/** Compares with what one reads off the events; percentiles may lie between two ranks. */
function expectTrade(actual: Trade, members: readonly Row[]): void {
  const carts = members.filter((row) => row.checkout_status !== undefined || row.cart_size !== undefined)
  const having = (status: string): Row[] => carts.filter((row) => row.checkout_status === status)
  const sizes = carts.flatMap((row) => row.cart_size ?? []).toSorted((a, b) => a - b)
  const { cart_size_mean: mean, cart_size_p50: p50, cart_size_p95: p95, ...exact } = actual
  const [sessions, buyers] = [different(members, 'session_id'), different(having('completed'), 'session_id')]
  const [failed, completed] = [having('failed').length, having('completed').length]
  expect(exact).toMatchObject({
    sessions,
    carts: different(carts, 'session_id'),
    buyers,
    conversion: part(buyers, sessions),
    checkouts_pending: having('pending').length,
    checkouts_completed: completed,
    checkouts_failed: failed,
    failure_ratio: part(failed, failed + completed),
    cart_size_max: sizes.at(-1) ?? null,
  })
  if (sizes.length === 0) return expect([mean, p50, p95]).toEqual([null, null, null])
  expect(mean).toBeCloseTo(sizes.reduce((sum, size) => sum + size, 0) / sizes.length, 9)
  for (const [value, level] of [
    [p50, 0.5],
    [p95, 0.95],
  ] as const) {
    const place = level * (sizes.length - 1)
    expect(value).toBeGreaterThanOrEqual((sizes[Math.max(Math.floor(place) - 1, 0)] ?? 0) * 0.99)
    expect(value).toBeLessThanOrEqual((sizes[Math.min(Math.ceil(place) + 1, sizes.length - 1)] ?? 0) * 1.01)
  }
}

describe('GET /v1/commerce/series', () => {
  test.each([
    ['5m', 300],
    ['7m', 420],
    ['1h', 3_600],
    ['1d', 86_400],
  ])('equals an oracle at a step of %s, with a row for every step', async (step, seconds) => {
    const { data, ...head } = await commerce<Step[]>('series', { step })
    const first = Math.floor(fromSeconds / seconds) * seconds
    const times = Array.from(
      { length: Math.ceil((toSeconds - first) / seconds) },
      (_, i) => first + i * seconds,
    )
    const iso = (at: number): string => new Date(at * 1000).toISOString().replace('.000', '')
    expect(head).toEqual({
      from: iso(first),
      to: iso((times.at(-1) ?? 0) + seconds),
      tables: ['carts_by_minute', 'totals_by_minute'],
      step_seconds: seconds,
    })
    expect(data.map(({ time }) => Date.parse(time) / 1000)).toEqual(times)
    for (const [index, row] of data.entries()) {
      const time = times[index] ?? 0
      expectTrade(row, between(time, time + seconds))
    }
  })

  test('steps without anything are zeros, the last one is running', async () => {
    const { data } = await commerce<Step[]>('series', { from: '-2m', to: 'now' })
    expect(data).toEqual(
      ['11:58', '11:59', '12:00'].map((time) => ({
        time: `2026-03-01T${time}:00Z`,
        running: time === '12:00',
        ...noCommerce,
      })),
    )
  })

  test('leaves as a file with the steps in which something happened', async () => {
    const { data } = await commerce<Step[]>('series', { step: '5m' })
    const search = new URLSearchParams({ ...range, step: '5m' }).toString()
    const headers = { Accept: 'application/x-ndjson', Authorization: `Bearer ${adminKey}` }
    const response = await app.request(`/v1/commerce/series?${search}`, { headers })
    const lines = (await response.text()).trim().split('\n')
    const happened = data.filter(({ sessions }) => sessions > 0)
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(happened)
  })

  test('the longest range has a row for every minute that is known', async () => {
    const { data } = await commerce<{ time: string }[]>('series', { from: '-31d', to: 'now' })
    expect(data.at(-1)?.time).toBe('2026-03-01T12:00:00Z')
    const first = Math.min(...rows.map(({ timestampMicros: at }) => Math.floor(at / 60e6)))
    expect(data.length).toBe(Math.floor(nowMs / 60_000) - first + 1)
  })
})

describe('GET /v1/commerce/summary', () => {
  test('equals an oracle', async () => {
    const { data, ...head } = await commerce<Trade>('summary')
    expect(head).toEqual({ ...range, tables: ['carts_by_minute', 'totals_by_minute'] })
    expectTrade(data, between(fromSeconds, toSeconds))
  })

  test('of an empty range is zeros, and null for what is not known', async () => {
    expect((await commerce('summary', { from: '2001-01-01', to: '2001-01-02' })).data).toEqual(noCommerce)
  })
})

describe('GET /v1/commerce/products', () => {
  const members = between(Date.UTC(2026, 1, 28, 21) / 1000, Date.UTC(2026, 2, 1, 4) / 1000)
  const products = [...new Set(members.flatMap((row) => row.product_id ?? []))].map((product) => {
    const own = members.filter((row) => row.product_id === product)
    const bought = own.filter((row) => row.checkout_status === 'completed').length
    const sessions = different(own, 'session_id')
    return {
      product,
      views: own.filter((row) => row.action === 'view_page').length,
      users: different(own, 'user_id'),
      sessions,
      bought,
      conversion: part(bought, sessions),
    }
  })

  test.each(['views', 'users', 'sessions', 'bought'] as const)(
    'ordered by %s equals an oracle',
    async (order) => {
      const { data, ...head } = await commerce<typeof products>('products', { order })
      expect(head).toEqual({
        from: '2026-02-28T21:00:00Z',
        to: '2026-03-01T04:00:00Z',
        tables: ['products_by_hour'],
      })
      expect(data).toEqual(
        products.toSorted((a, b) => b[order] - a[order] || (a.product < b.product ? -1 : 1)),
      )
    },
  )

  test('of some products, and as a file', async () => {
    const { data } = await commerce<typeof products>('products', { product: 'prod_1,prod_2', limit: '1' })
    expect(data.length).toBe(1)
    const search = new URLSearchParams({ ...range, product: 'prod_1,prod_2' }).toString()
    const response = await app.request(`/v1/commerce/products?${search}`, { headers: { Accept: 'text/csv' } })
    expect((await response.text()).split('\n')[0]).toBe(
      '"product","views","users","sessions","bought","conversion"',
    )
  })

  test('an empty range has none', async () => {
    expect((await commerce('products', { from: '2001-01-01', to: '2001-01-02' })).data).toEqual([])
  })
})

const times: [string, string][] = [
  ['from', 'yesterday'],
  ['from', '-100d'],
  ['to', '25:00'],
  ['nope', '1'],
]
const refusals: Record<string, [string, string][]> = {
  series: [...times, ['step', '90s']],
  summary: [...times, ['step', '5m']],
  products: [...times, ['order', 'price'], ['limit', '0'], ['product', ',']],
}
describe.each(Object.entries(refusals))('GET /v1/commerce/%s refuses', (path, given) => {
  test.each(given)('%s=%j', async (parameter, value) => {
    const { status, body } = await ask<ProblemBody>(app, `/v1/commerce/${path}`, { [parameter]: value })
    expect([status, body.errors?.map((error) => error.parameter)]).toEqual([400, [parameter]])
  })
})
