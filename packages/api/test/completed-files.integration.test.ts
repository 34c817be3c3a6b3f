import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import { appOf, ask } from './support/app.js'
import { insertRows } from './support/rows.js'
import { shopRows } from './support/shop-rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse, nowMs: () => Date.UTC(2026, 2, 4, 12) })
  await insertRows(stack.url, shopRows(8, 200))
})
afterAll(() => stack.close())

const days = { from: '2026-02-28', to: '2026-03-03' }
test.each<[string, Record<string, string>]>([
  ['funnel', { ...days, steps: `view_page:/home,submit_form,/a\\,"b"\\\\'/:id` }],
  ['retention', { ...days, days: '2' }],
  // As many rows as there ever are.
  ['retention', { from: '2026-02-02', to: '2026-03-04', days: '30' }],
])('a %s, completed after its query, leaves as NDJSON with the rows of the answer', async (what, given) => {
  const { status, body } = await ask<{ data: object[] }>(app, `/v1/behaviour/${what}`, given)
  expect([status, body.data.length > 2]).toEqual([200, true])
  const search = new URLSearchParams(given).toString()
  const headers = { Accept: 'application/x-ndjson' }
  const response = await app.request(`/v1/behaviour/${what}?${search}`, { headers })
  expect(response.status).toBe(200)
  const lines = (await response.text()).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual(body.data)
  expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual(Object.keys(body.data[0] ?? {}))
})
