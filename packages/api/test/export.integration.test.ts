import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { connectClickhouse } from '@pulsehouse/platform'
import type { Api } from '../src/api.js'
import type { Log } from '../src/logs/log.js'
import { appOf, ask, bearer, nowMs, type ProblemBody } from './support/app.js'
import { insertRows, newestFirst, seededRandom, type Row } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

const now = nowMs * 1000
const hour = 3_600_000_000
const random = seededRandom(11)
const ndjson = 'application/x-ndjson'
const csv = 'text/csv'
const parquet = 'application/vnd.apache.parquet'

const rows = Array.from({ length: 300 }, (_, index): Row => ({
  timestampMicros: now - Math.floor(random() * 20 * hour),
  level: index % 3 === 0 ? 'ERROR' : 'INFO',
  attributes: index % 5 === 0 ? { 'a,"b"': `it's; "so"\\ ${index}`, note: 'ünï' } : {},
  streamCreatedSeconds: 1_770_000_000,
  streamSeq: 1 + Math.floor(index / 10),
  eventIndex: index % 10,
  ...(index % 2 === 0
    ? {
        service: 'shop',
        status_code: 200,
        response_time: index / 10,
        cart_size: index % 3,
        url: `/p?a="${index}",b`,
      }
    : { message: `a "quoted", text, ${index}` }),
}))
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse })
  await insertRows(stack.url, rows)
})
afterAll(() => stack.close())

async function exported(accept: string, parameters: Record<string, string> = {}): Promise<Response> {
  const search = new URLSearchParams(parameters).toString()
  const response = await app.request(`/v1/logs?${search}`, { headers: { Accept: accept } })
  expect(response.status, response.status === 200 ? '' : await response.clone().text()).toBe(200)
  return response
}

async function listed(parameters: Record<string, string> = {}): Promise<Log[]> {
  const { body } = await ask<{ data: Log[] }>(app, '/v1/logs', { ...parameters, limit: '1000' })
  return body.data
}

const lines = (text: string): Log[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Log)

describe('an export has the rows of the list, whatever the limit of a page:', () => {
  test('NDJSON', async () => {
    const response = await exported(ndjson, { limit: '5' })
    expect(response.headers.get('Content-Type')).toBe(ndjson)
    expect(response.headers.get('Content-Disposition')).toBe(
      'attachment; filename="logs-20260228T120030Z-20260302T120030Z.ndjson"',
    )
    const text = await response.text()
    expect(lines(text)).toEqual(await listed())
    expect(lines(text)).toHaveLength(300)
    expect(text).not.toContain(String.raw`\/`)
  })

  test('with filters', async () => {
    const filters = { level: 'ERROR', min_response_time: '5' }
    const expected = await listed(filters)
    expect(expected.length).toBeGreaterThan(10)
    expect(lines(await (await exported(ndjson, filters)).text())).toEqual(expected)
  })

  test('behind a cursor', async () => {
    const first = await ask<{ data: Log[]; next_cursor: string }>(app, '/v1/logs', { limit: '120' })
    const rest = await exported(ndjson, { cursor: first.body.next_cursor })
    expect([...first.body.data, ...lines(await rest.text())]).toEqual(await listed())
  })

  test('CSV, absent is empty and an object its JSON', async () => {
    const response = await exported(csv)
    expect(response.headers.get('Content-Type')).toBe('text/csv; charset=utf-8; header=present')
    const [header = [], ...records] = parseCsv(await response.text())
    const expected = (await listed()).map((log) =>
      Object.values(log).map((value) =>
        value !== null && typeof value === 'object' ? value : String(value ?? ''),
      ),
    )
    expect(header).toEqual(Object.keys((await listed())[0] ?? {}))
    const nested = new Set(['attributes', 'position'].map((name) => header.indexOf(name)))
    const read = records.map((record) =>
      record.map((text, index) => (nested.has(index) ? (JSON.parse(text) as unknown) : text)),
    )
    expect(read).toEqual(expected)
  })

  test('Parquet, with types of its own', async () => {
    const bytes = await (await exported(parquet)).arrayBuffer()
    const types = await readParquet(
      bytes,
      'SELECT toTypeName(timestamp) AS t, toTypeName(status_code) AS s FROM input LIMIT 1',
    )
    expect(types).toEqual([{ t: "DateTime64(6, 'UTC')", s: 'Nullable(UInt16)' }])
    expect(await readParquet(bytes, 'SELECT * FROM input')).toEqual(await listed())
  })

  test('nothing at all', async () => {
    const empty = { from: '2001-01-01', to: '2001-01-02' }
    expect(await (await exported(ndjson, empty)).text()).toBe('')
    expect(parseCsv(await (await exported(csv, empty)).text())).toHaveLength(1)
    const bytes = await (await exported(parquet, empty)).arrayBuffer()
    // ClickHouse can't select from a file without rows, but it finds its columns.
    const columns = await readParquet(bytes, 'DESCRIBE TABLE input')
    expect(columns).toContainEqual(expect.objectContaining({ name: 'timestamp' }))
  })
})

/** Reads a Parquet file by ClickHouse, which finds the columns and their types in the file. */
async function readParquet(bytes: ArrayBuffer, sql: string): Promise<unknown[]> {
  const file = `format(Parquet, base64Decode('${Buffer.from(bytes).toString('base64')}'))`
  const administrator = connectClickhouse({ url: stack.url, application: 'test' })
  onTestFinished(() => administrator.close())
  return await administrator.query(sql.replace('input', file))
}

/** CSV as RFC 4180 has it. */
function parseCsv(text: string): string[][] {
  const records: string[][] = []
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    const record = records.at(-1)
    const value = quoted?.replaceAll('""', '"') ?? bare ?? ''
    if (record === undefined) records.push([value])
    else record.push(value)
    if (end === '\n') records.push([])
  }
  return records.slice(0, -1)
}

describe('Accept', () => {
  test.each([
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/*', 'application/json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
    ['text/*', 'text/csv; charset=utf-8; header=present'],
    ['application/json;q=0.1, text/csv', 'text/csv; charset=utf-8; header=present'],
    ['application/json;q=0, application/*', ndjson],
    ['APPLICATION/X-NDJSON', ndjson],
    ['*/*;q=0.1, application/vnd.apache.parquet', parquet],
  ])('%s gets %s', async (accept, type) => {
    const response = await exported(accept, { limit: '1' })
    expect(response.headers.get('Content-Type')).toBe(type)
    expect(response.headers.get('Vary')).toContain('Accept')
    await response.arrayBuffer()
  })

  test.each(['image/png', 'application/json;q=0', 'text/html'])(
    '%s is refused with what there is',
    async (accept) => {
      const { status, body } = await ask<ProblemBody>(app, '/v1/logs', {}, { Accept: accept })
      expect([status, body.type]).toEqual([406, 'urn:pulsehouse:problem:not-acceptable'])
      expect(body.detail).toContain('text/csv')
    },
  )
})

test('bad parameters and a missing key are problems, not files', async () => {
  const { status, body } = await ask<ProblemBody>(app, '/v1/logs', { port: '0' }, { Accept: csv })
  expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'port'])
  const unknown = await ask<ProblemBody>(app, '/v1/logs', {}, { Accept: csv, ...bearer('ph_x') })
  expect(unknown.status).toBe(401)
})

test('the rows of the test are in the order of the list', async () => {
  const expected = newestFirst(rows).map(
    (row) => `${row.streamCreatedSeconds}-${row.streamSeq}-${row.eventIndex}`,
  )
  expect(lines(await (await exported(ndjson)).text()).map(({ id }) => id)).toEqual(expected)
})
