import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import { appOf, ask, type ProblemBody } from './support/app.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

interface Answer {
  data: Record<string, unknown>[]
  from: string
  to: string
  tables: string[]
}

let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse })
})
afterAll(() => stack.close())

const expectations = async (given: Record<string, string>) =>
  await ask<Answer>(app, '/v1/expectations', given)

test('while nothing has been judged there are no minutes, and no name is wrong', async () => {
  const { status, body } = await expectations({ metric: 'events', from: '-10m' })
  expect(status).toBe(200)
  expect(body).toEqual({
    data: [],
    from: '2026-03-01T11:50:00Z',
    to: '2026-03-01T12:01:00Z',
    tables: ['expectations'],
  })
})

describe('with judged minutes', () => {
  beforeAll(async () => {
    // The time of retention goes by the clock, and the tests' clock stands still.
    await stack.clickhouse.command('ALTER TABLE expectations REMOVE TTL')
    await stack.clickhouse.command(`INSERT INTO expectations
      (metric, service, minute, observed, expected, expected_low, expected_high, score, judged_at) VALUES
      ('events', '', '2026-03-01 11:57:00', 90, 100, 80, 120, 0.1, '2026-03-01 11:58:05'),
      ('events', '', '2026-03-01 11:58:00', 10, 100, 80, 120, 7, '2026-03-01 11:59:05'),
      ('events', '', '2026-03-01 11:58:00', 20, 100, 80, 120, 5, '2026-03-01 11:59:09'),
      ('events', '', '2026-03-01 11:59:00', 95, NULL, NULL, NULL, 0, '2026-03-01 12:00:05'),
      ('events', 'checkout', '2026-03-01 11:58:00', 3, 5, 1, 9, 0.2, '2026-03-01 11:59:05'),
      ('errors', '', '2026-03-01 11:58:00', NULL, 1, 0, 2, 0, '2026-03-01 11:59:05')`)
  })

  const row = (time: string, ...values: (number | null)[]) => {
    const [observed, expected, expected_low, expected_high] = values
    return expect.objectContaining({
      time: `2026-03-01T${time}:00Z`,
      observed,
      expected,
      expected_low,
      expected_high,
    })
  }

  test('tells what came and what was expected, each minute as it was judged last', async () => {
    const { body } = await expectations({ metric: 'events' })
    expect(body.data).toEqual([
      row('11:57', 90, 100, 80, 120),
      row('11:58', 20, 100, 80, 120),
      row('11:59', 95, null, null, null),
    ])
    expect(body.data[1]).toMatchObject({ score: 5 })
  })

  test('of one service, of another metric, of a part of the time', async () => {
    expect((await expectations({ metric: 'events', service: 'checkout' })).body.data).toEqual([
      row('11:58', 3, 5, 1, 9),
    ])
    expect((await expectations({ metric: 'errors' })).body.data).toEqual([row('11:58', null, 1, 0, 2)])
    const part = { from: '2026-03-01T11:58:30Z', to: '2026-03-01T11:58:40Z' }
    expect((await expectations({ metric: 'events', ...part })).body.data).toEqual([
      row('11:58', 20, 100, 80, 120),
    ])
    expect((await expectations({ metric: 'events', from: '-3h', to: '-2h' })).body.data).toEqual([])
  })

  test('leaves as a file', async () => {
    const csv = await app.request('/v1/expectations?metric=events', { headers: { Accept: 'text/csv' } })
    const lines = (await csv.text()).trimEnd().split('\n')
    expect(lines[0]).toBe('"time","observed","expected","expected_low","expected_high","score"')
    expect(lines).toHaveLength(4)
  })

  test.each([
    [{}, 'metric', 'must name a metric'],
    [{ metric: '' }, 'metric', 'must name a metric'],
    [{ metric: 'event' }, 'metric', 'watches errors, events'],
    [{ metric: 'events', service: 'shop' }, 'service', 'watches checkout'],
    [{ metric: 'errors', service: 'shop' }, 'service', 'all services together only'],
    [{ metric: 'events', from: '-40d' }, 'from', '31 days'],
    [{ metric: 'events', step: '1m' }, 'step', 'no parameter'],
  ])('refuses %j', async (given, parameter, words) => {
    const { status, body } = await ask<ProblemBody>(app, '/v1/expectations', given)
    expect([status, body.errors]).toEqual([
      400,
      [{ parameter, message: expect.stringContaining(words) as string }],
    ])
  })
})
