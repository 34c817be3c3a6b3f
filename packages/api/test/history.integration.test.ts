import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import { appOf, ask, type ProblemBody } from './support/app.js'
import { insertRows, type Row } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

const start = Date.UTC(2026, 1, 10, 11) / 1000
const daysKept = [
  'logs',
  'stats_by_minute',
  'services_by_minute',
  'totals_by_minute',
  'endpoints_by_minute',
  'facets_by_minute',
] as const
const today = Math.floor(Date.now() / 86_400_000)
let stack: MigratedClickhouse
let app: Api

/** An event a minute for four hours; the first two hours arrived ten days ago. */
function rowOf(index: number): Row {
  return {
    timestampMicros: (start + index * 60) * 1e6,
    level: index % 2 === 0 ? 'ERROR' : 'INFO',
    attributes: {},
    streamCreatedSeconds: start,
    streamSeq: index,
    eventIndex: 0,
    service: 'web',
    device: 'mobile',
    receivedDay: index < 120 ? today - 10 : today,
  }
}

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  const rows = Array.from({ length: 240 }, (_, index) => rowOf(index))
  await insertRows(stack.url, rows.slice(0, 120))
  await insertRows(stack.url, rows.slice(120))
  // What the retention does when a day ends.
  const day = new Date((today - 10) * 86_400_000).toISOString().slice(0, 10)
  for (const table of [...daysKept, 'sessions', 'security_by_minute', 'carts_by_minute'])
    await fetch(`${stack.url}/?database=pulsehouse`, {
      method: 'POST',
      body: `ALTER TABLE ${table} DROP PARTITION '${day}'`,
    })
  app = appOf({ clickhouse: stack.clickhouse })
})
afterAll(() => stack.close())

const iso = (minute: number): string =>
  new Date((start + minute * 60) * 1000).toISOString().replace('.000', '')

describe('where minutes are gone and hours are left', () => {
  test('a series by the hour is whole, and one by the minute is refused', async () => {
    const parameters = { from: iso(30), to: iso(210), step: '1h', measures: 'events' }
    const { body } = await ask<{ data: { events: number }[]; from: string }>(
      app,
      '/v1/stats/series',
      parameters,
    )
    expect(body.data.map(({ events }) => events)).toEqual([60, 60, 60, 60])
    const refused = await ask<ProblemBody>(app, '/v1/stats/series', { ...parameters, step: '1m' })
    expect([refused.status, refused.body.errors?.[0]?.parameter]).toEqual([400, 'from'])
    expect(refused.body.detail).toContain(iso(120))
    const kept = await ask<typeof body>(app, '/v1/stats/series', {
      ...parameters,
      step: '1m',
      from: iso(120),
    })
    expect(kept.body.data.length).toBe(90)
  })

  test('the ends of a summary and a top are brought to whole hours', async () => {
    const range = { from: iso(30), to: iso(90), measures: 'events' }
    const summary = await ask<{ data: { events: number }; from: string; to: string }>(
      app,
      '/v1/stats/summary',
      range,
    )
    expect(summary.body).toMatchObject({ data: { events: 120 }, from: iso(0), to: iso(120) })
    const top = await ask<{ data: unknown[] }>(app, '/v1/stats/top', { ...range, by: 'device' })
    expect(top.body.data).toEqual([{ device: 'mobile', events: 120 }])
  })

  test.each([
    ['/v1/stats/summary', { level: 'ERROR' }],
    ['/v1/stats/top', { by: 'device', measures: 'events,users' }],
    ['/v1/commerce/series', {}],
    ['/v1/behaviour/summary', {}],
    ['/v1/security/logins', {}],
  ])('%s is refused where the hours don’t know it', async (path, more) => {
    const parameters = { from: iso(0), to: iso(180), ...more }
    const { status, body } = await ask<ProblemBody>(app, path, parameters)
    expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'from'])
    expect((await ask(app, path, { ...parameters, from: iso(120) })).status).toBe(200)
  })
})
