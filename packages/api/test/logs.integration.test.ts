import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProtection } from '@pulsehouse/events'
import type { Api } from '../src/api.js'
import { logSchema, type Log } from '../src/logs/log.js'
import { measureFilterColumns, textFilterColumns } from '../src/logs/log-filter-columns.js'
import { appOf, ask, keyHex, nowMs } from './support/app.js'
import { insertRows, keyOf, newestFirst, seededRandom, type Row } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

interface Page {
  data: Log[]
  next_cursor: string | null
}

const protection = createProtection('pseudonyms', keyHex)
const created = Date.UTC(2026, 1, 1) / 1000
const hour = 3_600_000_000
const now = nowMs * 1000
const random = seededRandom(7)
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T

/** What else a request has, so that every filter finds some rows and leaves others. */
function details(index: number): Partial<Row> {
  return {
    host: `web-${index % 3}`,
    network_latency: index % 4,
    referrer_domain: pick(['google.com', 'shop.example']),
    referrer_url: pick(['https://google.com/?q=a,b', 'https://shop.example/']),
    ip_network: pick(['203.0.113.0/24', '2001:db8:0::/48']),
    user_agent: pick(['curl/8.5.0', 'Mozilla/5.0 (X11; Linux)']),
    browser: pick(['Chrome', 'Firefox']),
    os: pick(['Linux', 'Windows']),
    device: pick(['desktop', 'mobile']),
    product_id: `prod_${index % 8}`,
    checkout_status: pick(['pending', 'failed']),
    auth_method: pick(['OAuth', 'Basic']),
    auth_level: pick(['user', 'admin']),
    server_ip: `10.0.0.${index % 4}`,
    protocol: pick(['HTTP', 'HTTPS']),
    detail: pick(['Payment declined: card expired.', 'The card was declined, payment refused', 'Fine.']),
  }
}

/** Every second row is a request, the others are what loggers write; values hold what breaks careless quoting. */
function rowOf(index: number): Row {
  const base = {
    timestampMicros: now - Math.floor(random() * 20 * hour),
    level: pick(['DEBUG', 'INFO', 'WARN', 'ERROR']),
    attributes: index % 5 === 0 ? { 'app.note': `Ünïcode ${index} it's`, 'a"b': String.raw`C:\temp` } : {},
    streamCreatedSeconds: created,
    streamSeq: 1 + Math.floor(index / 10),
    eventIndex: index % 10,
  }
  if (index % 2 === 1)
    return { ...base, message: `worker ${index} had a Timeout of 100% a_b`, service: 'jobs' }
  const user = `user_${index % 9}`
  return {
    ...base,
    service: pick(['checkout', 'catalog', "o'brien, ltd"]),
    endpoint: pick(['/products/:id', '/cart', '/a\\b']),
    url: `/products/${index}`,
    action: pick(['login', 'view_page']),
    http_method: pick(['GET', 'POST']),
    status_code: pick([200, 201, 404, 500, 503]),
    status_text: pick(['OK', 'Gateway Timeout']),
    session_id: `session_${index % 4}`,
    request_id: `request_${index}`,
    correlation_id: `correlation_${index % 6}`,
    // Some were stored in clear, before the pseudonyms.
    user_id: index % 3 === 0 ? user : protection.user(user),
    ip_address: protection.ip(`203.0.113.${index % 5}`),
    response_time: 12.5 + (index % 3) / 10,
    db_query_time: index % 11,
    server_processing_time: index % 5,
    cart_size: index % 7,
    port: pick([80, 8443]),
    ...details(index),
  }
}

const rows = Array.from({ length: 400 }, (_, index) => rowOf(index))
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse })
  await insertRows(stack.url, rows.slice(0, 150))
  await insertRows(stack.url, rows.slice(150))
})
afterAll(() => stack.close())

async function search(parameters: Record<string, string>): Promise<Page> {
  const { status, body } = await ask<Page>(app, '/v1/logs', parameters)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

const keys = (page: Page): string[] =>
  page.data.map(({ position }) => `${position.stream_seq}:${position.event_index}`)

const has = (text: string | undefined, sought: string): boolean =>
  text?.toLowerCase().includes(sought) === true

/** Whether all of these stand in the searched fields as words, between anything but letters and digits. */
const words = (row: Row, ...sought: string[]): boolean => {
  const fields = [
    row.message,
    row.detail,
    row.url,
    row.status_text,
    row.action,
    ...Object.values(row.attributes),
  ]
  const text = fields.join(' ').toLowerCase()
  return sought.every((word) => new RegExp(`(?<![a-z0-9])${word}(?![a-z0-9])`).test(text))
}
const ofUser = (row: Row, user: string): boolean =>
  row.user_id === user || row.user_id === protection.user(user)

const texts = Object.entries(textFilterColumns)
const measures = measureFilterColumns

const filters: [Record<string, string>, (row: Row) => boolean][] = [
  [{}, () => true],
  [{ level: 'error' }, (row) => row.level === 'ERROR'],
  [{ level: 'ERROR,WARN' }, (row) => row.level === 'ERROR' || row.level === 'WARN'],
  [{ service: 'checkout' }, (row) => row.service === 'checkout'],
  [{ service: 'checkout,jobs' }, (row) => row.service === 'checkout' || row.service === 'jobs'],
  [{ service: String.raw`o'brien\, ltd` }, (row) => row.service === "o'brien, ltd"],
  [{ endpoint: '/cart' }, (row) => row.endpoint === '/cart'],
  [{ endpoint: '/a\\b' }, (row) => row.endpoint === '/a\\b'],
  [{ status: '404' }, (row) => row.status_code === 404],
  [{ status: '5xx' }, (row) => row.status_code !== undefined && row.status_code >= 500],
  [
    { status: '404,2XX' },
    (row) => row.status_code === 404 || row.status_code === 200 || row.status_code === 201,
  ],
  [{ action: 'login' }, (row) => row.action === 'login'],
  [{ method: 'post' }, (row) => row.http_method === 'POST'],
  [{ session: 'session_2' }, (row) => row.session_id === 'session_2'],
  [{ request: 'request_8' }, (row) => row.request_id === 'request_8'],
  [{ correlation: 'correlation_4' }, (row) => row.correlation_id === 'correlation_4'],
  [{ user: 'user_6' }, (row) => row.user_id === 'user_6' || row.user_id === protection.user('user_6')],
  [{ user: protection.user('user_4') }, (row) => row.user_id === protection.user('user_4')],
  [{ ip: '203.0.113.2' }, (row) => row.ip_address === protection.ip('203.0.113.2')],
  [{ ip: protection.ip('203.0.113.2') }, (row) => row.ip_address === protection.ip('203.0.113.2')],
  ...texts.flatMap(([name, column]): [Record<string, string>, (row: Row) => boolean][] => {
    const [one = '', two = ''] = new Set(rows.flatMap((row) => row[column] ?? []))
    const written = (value: string): string => value.replaceAll(',', String.raw`\,`)
    return [
      [{ [name]: written(one) }, (row) => row[column] === one],
      [{ [name]: `${written(two)},${written(one)}` }, (row) => row[column] === one || row[column] === two],
    ]
  }),
  ...measures.flatMap((column): [Record<string, string>, (row: Row) => boolean][] => [
    [{ [`min_${column}`]: '3' }, (row) => (row[column] ?? -1) >= 3],
    [{ [`max_${column}`]: '12.6' }, (row) => (row[column] ?? Infinity) <= 12.6],
    [
      { [`min_${column}`]: '1', [`max_${column}`]: '12.5' },
      (row) => (row[column] ?? -1) >= 1 && (row[column] ?? Infinity) <= 12.5,
    ],
  ]),
  [{ user: 'user_6,user_1' }, (row) => ofUser(row, 'user_6') || ofUser(row, 'user_1')],
  [{ port: '80' }, (row) => row.port === 80],
  [{ port: '80,8443' }, (row) => row.port !== undefined],
  [{ attribute: 'app.note' }, (row) => row.attributes['app.note'] !== undefined],
  [
    { attribute: String.raw`a"b:C:\temp,app.note:Ünïcode 10 it's` },
    (row) => row.attributes['app.note'] === "Ünïcode 10 it's",
  ],
  [{ attribute: 'a"b:c' }, () => false],
  [{ attribute: 'nothing' }, () => false],
  [{ q: 'payment DECLINED' }, (row) => words(row, 'payment', 'declined')],
  [{ q: 'declined payment' }, (row) => words(row, 'payment', 'declined')],
  [{ q: '"payment declined"' }, (row) => has(row.detail, 'payment declined')],
  [{ q: '"Payment Declined" login' }, (row) => has(row.detail, 'payment declined') && words(row, 'login')],
  [{ q: 'card cart' }, (row) => words(row, 'card', 'cart')],
  [{ q: 'paymen' }, () => false],
  [{ contains: 'aymen' }, (row) => has(row.detail, 'aymen')],
  [{ contains: '/PRODUCTS/8' }, (row) => has(row.url, '/products/8')],
  [{ contains: '100%' }, (row) => has(row.message, '100%')],
  [{ contains: 'ünï' }, (row) => has(row.attributes['app.note'], 'ünï')],
  [{ contains: "') OR 1=1 --" }, () => false],
  [{ q: 'tIMEOUT' }, (row) => has(row.message, 'timeout') || has(row.status_text, 'timeout')],
  [{ q: 'VIEW_' }, (row) => row.action === 'view_page'],
  [{ q: '/products/8' }, (row) => words(row, 'products', '8')],
  [{ q: "ünïcode 10 it'" }, (row) => has(row.attributes['app.note'], "ünïcode 10 it'")],
  [{ q: 'c:\\TEMP' }, (row) => row.attributes['a"b'] !== undefined],
  [{ q: '100%' }, (row) => words(row, '100')],
  [{ q: "') OR 1=1 --" }, () => false],
  [
    { service: 'checkout', level: 'ERROR', status: '5xx' },
    (row) => row.service === 'checkout' && row.level === 'ERROR' && (row.status_code ?? 0) >= 500,
  ],
]

describe('the filter', () => {
  test.each(filters)('%j finds what an oracle in memory finds', async (parameters, passes) => {
    const expected = newestFirst(rows.filter(passes)).map(keyOf)
    const page = await search({ limit: '1000', ...parameters })
    expect(keys(page)).toEqual(expected)
    expect(page.next_cursor).toBeNull()
  })
})

describe('a log', () => {
  test('has every field, null where it is absent', async () => {
    const stored = rows.find(({ message }) => message !== undefined) as Row
    const [log] = (await search({ message: stored.message ?? '' })).data
    expect(logSchema.parse(log)).toEqual(log)
    expect(log).toMatchObject({
      level: stored.level,
      service: 'jobs',
      message: stored.message,
      user_id: null,
      status_code: null,
      port: null,
      response_time: null,
      cart_size: null,
      attributes: {},
      position: { stream_seq: stored.streamSeq, event_index: stored.eventIndex },
    })
  })

  test('has numbers as numbers, times with microseconds, and a zero that is not absent', async () => {
    const stored = rows.find(({ cart_size: size }) => size === 0) as Row
    const [log] = (await search({ request: stored.request_id ?? '' })).data
    expect(log).toMatchObject({
      cart_size: 0,
      port: stored.port,
      response_time: stored.response_time,
      user_id: stored.user_id,
    })
    expect(log?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(Date.parse(log?.timestamp ?? '')).toBe(Math.floor(stored.timestampMicros / 1000))
    expect(log?.attributes).toEqual(stored.attributes)
  })
})

function at(micros: number): string {
  return new Date(micros / 1000).toISOString().replace('Z', `${String(micros % 1000).padStart(3, '0')}Z`)
}

describe('the time range', () => {
  const edge = Date.UTC(2026, 0, 10) * 1000
  const edges = [-1, 0, 1, hour - 1, hour, 24 * hour - 1, 24 * hour].map((offset, index): Row => ({
    timestampMicros: edge + offset,
    level: 'INFO',
    attributes: {},
    streamCreatedSeconds: created,
    streamSeq: 900,
    eventIndex: index,
  }))
  beforeAll(() => insertRows(stack.url, edges))

  test.each([
    ['the day', edge, edge + 24 * hour],
    ['the hour', edge, edge + hour],
    ['one microsecond', edge, edge + 1],
    ['up to the microsecond', edge - 1, edge],
  ])('has its start and not its end: %s', async (_, from, to) => {
    const expected = newestFirst(edges.filter(({ timestampMicros: t }) => t >= from && t < to)).map(keyOf)
    expect(keys(await search({ from: at(from), to: at(to) }))).toEqual(expected)
  })

  test.each([
    ['empty', at(edge), at(edge)],
    ['without events', '2001-01-01', '2001-02-01'],
  ])('that is %s has no rows, which is no error', async (_, from, to) => {
    expect(await search({ from, to })).toEqual({ data: [], next_cursor: null })
  })

  test('may be relative to now', async () => {
    const expected = newestFirst(
      rows.filter(({ timestampMicros: t }) => t >= now - 2 * hour && t < now - hour),
    )
    expect(keys(await search({ from: '-2h', to: '-1h', limit: '1000' }))).toEqual(expected.map(keyOf))
  })
})
