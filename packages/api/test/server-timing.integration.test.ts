import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { createServerTiming } from '../src/http/server-timing.js'
import { appOf } from './support/app.js'
import { startMigratedClickhouse } from './support/stack.js'

function timesIn(header: string | null): Record<string, number> {
  return Object.fromEntries(
    [...(header ?? '').matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, ms]) => [name, Number(ms)]),
  )
}

test('questions at the same time count once, one after the other both count, and each request has its own', async () => {
  const stack = await startMigratedClickhouse()
  onTestFinished(() => stack.close())
  const timing = createServerTiming()
  const clickhouse = timing.watched(stack.clickhouse)
  const wait = async (seconds: number): Promise<unknown> => await clickhouse.query(`SELECT sleep(${seconds})`)
  const app = new Hono()
  app.use(timing.middleware)
  app.get('/together', async (context) => context.json(await Promise.all([wait(0.4), wait(0.5)])))
  app.get('/after', async (context) => context.json([await wait(0.4), await wait(0.5)]))
  app.get('/none', async (context) => context.json(await stack.clickhouse.query('SELECT sleep(0.3)')))
  const answers = await Promise.all(
    ['/together', '/after', '/none'].map(async (path) => await app.request(path)),
  )
  const [together, after, none] = answers.map(({ headers }) => timesIn(headers.get('server-timing')))
  // The machine may be slow, but it never sleeps for less.
  expect(together?.['db']).toBeGreaterThanOrEqual(495)
  expect(after?.['db']).toBeGreaterThanOrEqual(895)
  expect(none?.['db']).toBe(0)
  expect(none?.['app']).toBeGreaterThanOrEqual(295)
  for (const times of [together, after, none]) {
    expect(times?.['total']).toBeCloseTo((times?.['db'] ?? 0) + (times?.['app'] ?? 0), 0)
  }
  expect((together?.['total'] ?? 0) - (together?.['db'] ?? 0)).toBeLessThan(200)
})

test('an answer that is a failure tells its time too', async () => {
  const response = await appOf().request('/v1/logs')
  expect(response.status).toBe(503)
  expect(Object.keys(timesIn(response.headers.get('server-timing')))).toEqual(['db', 'app', 'total'])
})
