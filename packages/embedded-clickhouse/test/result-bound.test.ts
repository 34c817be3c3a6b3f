import { afterAll, beforeAll, expect, test } from 'vitest'
import { userOf } from '../src/access/users.js'
import { runWhole } from '../src/engine/execute.js'
import type { Job } from '../src/engine/job.js'
import { planFor } from '../src/engine/plan.js'
import type { StartedClickhouse } from '../src/index.js'
import { limits } from '../src/limits.js'
import { send, startServer, temporaryFolder } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse
beforeAll(async () => {
  server = await startServer(folder.path)
})
afterAll(async () => {
  await server?.close()
  folder.remove()
})

/** A short result by the looks of it: so many rows of a thousand bytes. */
const rows = (count: number): string =>
  `SELECT repeat('x', 991 + number % 2) AS text FROM numbers(${count}) LIMIT ${count}`

const viewer = { 'X-ClickHouse-User': 'viewer' }

test.each<[string, Record<string, string>, number, RegExp]>([
  [
    'a bound below what is fetched at once holds',
    { max_result_bytes: '100000' },
    200,
    /max bytes: 97\.66 KiB/,
  ],
  ['a bound above it holds', { max_result_bytes: '6000000' }, 8_000, /max bytes: 5\.72 MiB/],
  ['a bound that is none is for the engine to refuse', { max_result_bytes: 'many' }, 10, /Code: \d+/],
])('%s', async (_, settings, count, message) => {
  for (const headers of [{}, viewer]) {
    const { status, text } = await send(server, rows(count), settings, headers)
    expect([status === 200, text]).toEqual([false, expect.stringMatching(message)])
  }
})

test.each<[string, Record<string, string>, number]>([
  ['below a small bound', { max_result_bytes: '100000' }, 50],
  ['larger than what is fetched at once, below a larger bound', { max_result_bytes: '8000000' }, 6_000],
  ['larger, and the bound says that there is none', { max_result_bytes: '0' }, 6_000],
  ['below a bound of rows', { max_result_rows: '6000' }, 6_000],
])('a result comes whole that is %s', async (_, settings, count) => {
  for (const headers of [{}, viewer]) {
    const { status, text } = await send(server, rows(count), settings, headers)
    expect([status, text.split('\n').length - 1]).toEqual([200, count])
  }
})

test('a bound of the request takes no short result its one round trip', () => {
  const planOf = (settings: Job['settings']) =>
    planFor({ ...job, settings: [['max_execution_time', '10'], ...settings] }, 'read')
  expect(planOf([]).run).toBe(runWhole)
  for (const [name, value] of [
    ['max_result_bytes', '1000'],
    ['max_result_bytes', '33554432'],
    ['max_result_rows', '100000'],
  ] as const) {
    expect(planOf([[name, value]]).run, `${name} ${value}`).toBe(runWhole)
  }
  expect(planOf([['max_result_bytes', '1000']]).within).toBeUndefined()
  expect(planOf([['max_result_bytes', '33554432']]).within).toMatchObject({
    bytes: limits.shortResultBytes,
    settings: [['max_execution_time', '10']],
  })
  // Half of a result is no bound that is exceeded: nothing would say that there is more.
  expect(planOf([['result_overflow_mode', 'break']]).run).not.toBe(runWhole)
})

const job: Job = {
  sql: 'SELECT 1 + now() LIMIT 10',
  encoding: 'utf8',
  format: 'JSONEachRow',
  database: undefined,
  settings: [],
  params: [],
  tables: [],
  roles: [],
  user: userOf('viewer', 'viewer', '', limits.viewer),
  readOnly: false,
  sessionId: undefined,
  pipeFolder: folder.path,
  queryId: 'test',
}
