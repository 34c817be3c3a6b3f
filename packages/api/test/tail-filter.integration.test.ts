import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProtection } from '@pulsehouse/events'
import type { Chunk } from '@pulsehouse/platform'
import type { Log } from '../src/logs/log.js'
import { decodeChunk } from '../src/tail/decode-chunk.js'
import { eventFilterOf } from '../src/tail/event-filter.js'
import type { TailEvent } from '../src/tail/tail-event.js'
import { storedFilters } from '../src/logs/stored-filters.js'
import { logFilters } from '../src/parameters/log-filters.js'
import { z } from '@hono/zod-openapi'
import { appOf, ask, keyHex } from './support/app.js'
import { startIngestedLines, type IngestedLines } from './support/ingested-lines.js'
import { seededRandom } from './support/rows.js'

/** Texts with what text search may take differently: capitals of all kinds, separators, quotes, nothing. */
const texts = [
  'payment failed: Connection refused',
  'ÄRGER in Zürich, ΣΊΣΥΦΟΣ sleeps',
  'time-out after 30s 100% a_b c\\d',
  'İstanbul ŞEHİR',
  'line one\nline two',
  'x',
]
const random = seededRandom(4)
const oneOf = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
const lines = Array.from({ length: 400 }, (_, index) =>
  JSON.stringify({
    timestamp: new Date(Date.now() - 60_000 + index).toISOString(),
    level: oneOf(['DEBUG', 'INFO', 'WARN', 'ERROR']),
    service: oneOf(['cart', 'catalog', undefined]),
    message: oneOf(texts),
    detail: oneOf([undefined, ...texts]),
    url: oneOf(['/products/42', '/cart', `/a?q=${index % 7}`, undefined]),
    user_id: oneOf(['jane', 'joe', undefined]),
    ip_address: oneOf(['203.0.113.7', '2001:db8::7', undefined]),
    user_agent: oneOf(['curl/8.5.0', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)', undefined]),
    referrer_url: oneOf(['https://www.google.com/search?q=x', undefined]),
    http_method: oneOf(['GET', 'POST', undefined]),
    response_time: oneOf([0.1, 0.3, 123.456789012, 1e-7, 86_400_000, undefined]),
    db_query_time: oneOf([1 / 3, 16_777_217, undefined]),
    cart_size: oneOf([0, 5, 4_294_967_295, undefined]),
    status_code: oneOf([200, 404, 500, undefined]),
    port: oneOf([443, undefined]),
    protocol: oneOf(['HTTP', 'HTTPS', undefined]),
    'app.version': oneOf(['1.4.2', '', undefined]),
    region: oneOf(['eu', 'us,east', undefined]),
  }),
)

const searches: Record<string, string>[] = [
  {},
  { level: 'warn,ERROR' },
  { service: 'cart' },
  { method: 'post', status: '404,5xx' },
  { endpoint: '/products/{id}' },
  { user: 'jane' },
  { ip: '203.0.113.7,2001:db8:0::7' },
  { ip_network: '203.0.113.0/24' },
  { browser: 'curl' },
  { device: 'desktop', os: 'Windows' },
  { referrer: 'google.com' },
  { port: '443', protocol: 'HTTPS' },
  { min_response_time: '0.1', max_response_time: '0.1' },
  { max_response_time: '0.3' },
  { min_response_time: '123.456789' },
  { min_db_query_time: '0.333333', max_db_query_time: '16777216' },
  { min_cart_size: '5' },
  { attribute: 'app.version' },
  { attribute: 'app.version:1.4.2,region:us\\,east' },
  { attribute: 'nowhere' },
  { q: 'PAYMENT refused' },
  { q: 'pay' },
  { q: '"Connection Refused"' },
  { q: 'ärger' },
  { q: 'σίσυφος' },
  { q: 'ΣΊΣΥΦΟΣ' },
  { q: 'istanbul' },
  { q: 'İstanbul' },
  { q: 'şehir' },
  { q: 'out time' },
  { q: '"time-out after"' },
  { q: 'eu 1' },
  { contains: 'IME-OUT' },
  { contains: '0% A_B' },
  { contains: 'c\\d' },
  { contains: 'ärg' },
  { contains: '_' },
  { contains: '%' },
  { message: 'x' },
]

let ingested: IngestedLines
beforeAll(async () => {
  ingested = await startIngestedLines(lines)
}, 60_000)
afterAll(() => ingested.close())

const protection = createProtection('pseudonyms', keyHex)
const events = (): TailEvent[] =>
  ingested.chunks.flatMap((chunk: Chunk) => decodeChunk(chunk, ingested.createdSeconds, protection))
const dataOf = (event: TailEvent): Log => {
  const frame = event.frame('all')
  return JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as Log
}
const byId = (a: Log, b: Log): number => (a.id < b.id ? -1 : 1)

test.each(searches)('%j is the same live and stored', async (search) => {
  const app = appOf({ clickhouse: ingested.clickhouse, nowMs: Date.now })
  const { status, body } = await ask<{ data: Log[] }>(app, '/v1/logs', { ...search, limit: '1000' })
  expect(status).toBe(200)
  const filters = z.object(logFilters).parse(search)
  const passes = eventFilterOf({ ...storedFilters(filters, protection), contains: filters.contains }, 'all')
  const live = events().filter(passes).map(dataOf)
  expect(live.toSorted(byId)).toEqual(body.data.toSorted(byId))
})

test('the searches tell events apart', () => {
  const counts = searches.map((search) => {
    const filters = z.object(logFilters).parse(search)
    const passes = eventFilterOf({ ...storedFilters(filters, protection), contains: filters.contains }, 'all')
    return events().filter(passes).length
  })
  expect(counts.filter((count) => count > 0 && count < lines.length).length).toBeGreaterThan(25)
})
