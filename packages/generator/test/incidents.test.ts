import { endpointOf, networkOf } from '@pulsehouse/events'
import { expect, test } from 'vitest'
import { groupBy, type Line } from './draw.js'
import { compare, isWithin, staged } from './staged.js'

const minutes = staged.durationS / 60

function distinct(events: readonly Line[], field: string): number {
  return new Set(events.map((event) => event[field])).size
}

function failedShare(events: readonly Line[]): number {
  return events.filter(({ status_code }) => status_code === 401).length / events.length
}

/** What every attack has in common: it adds requests in its time and touches nobody else's. */
function addedOnly(...[kind, parameters, ratePerS]: Parameters<typeof compare>): Line[] {
  const { added, gone, changed } = compare(kind, parameters, ratePerS)
  expect({ gone, changed }).toEqual({ gone: [], changed: [] })
  expect(added.filter((event) => !isWithin(event))).toEqual([])
  const times = added.map(({ timestamp }) => timestamp)
  expect(times).toEqual(times.toSorted())
  return added
}

/** What every failure has in common: it changes visitors' requests in its time, all of them in the given way. */
function changedOnly(...[kind, parameters]: Parameters<typeof compare>) {
  const compared = compare(kind, parameters)
  expect(compared.added).toEqual([])
  expect(compared.changed.filter(({ to }) => !isWithin(to))).toEqual([])
  return compared
}

function expectPerMinute(events: readonly Line[], perMinute: number): void {
  expect(events.length / minutes / perMinute).toBeGreaterThan(0.85)
  expect(events.length / minutes / perMinute).toBeLessThan(1.15)
}

test('latency_regression: one part of one endpoint takes longer, all of its requests and no other', () => {
  const parameters = { endpoint: '/search', part: 'db', factor: 4 }
  const { changed, gone, everyday } = changedOnly('latency_regression', parameters)
  expect(gone).toEqual([])
  expect(changed).toHaveLength(everyday.filter(({ url }) => endpointOf(url) === '/search').length)
  for (const { from, to } of changed) {
    const db_query_time = Math.round(from.db_query_time * 400) / 100
    const response_time = expect.closeTo(from.response_time + 3 * from.db_query_time, 1) as number
    expect(to).toEqual({ ...from, db_query_time, response_time })
  }
})

test('slow_degradation: one service becomes slower from minute to minute', () => {
  const { changed, gone } = changedOnly('slow_degradation', { service: 'cart', factor: 3 })
  expect(gone).toEqual([])
  expect(new Set(changed.map(({ to }) => to['service']))).toEqual(new Set(['cart']))
  const factors = changed.map(({ from, to }) => to.server_processing_time / from.server_processing_time)
  expect(factors[0]).toBeLessThan(1.1)
  expect(factors.at(-1)).toBeGreaterThan(2.8)
})

test('error_burst: a share of one service’s requests ends with 500', () => {
  const { changed, gone, everyday } = changedOnly('error_burst', { service: 'catalog', share: 0.3 })
  expect(gone).toEqual([])
  for (const { to } of changed)
    expect(to).toMatchObject({ service: 'catalog', status_code: 500, level: 'ERROR' })
  const own = everyday.filter((event) => event['service'] === 'catalog')
  expect(changed.length / own.length).toBeGreaterThan(0.26)
  expect(changed.length / own.length).toBeLessThan(0.34)
})

test('traffic_drop: a share of the requests vanishes, of all services or of one', () => {
  const whole = changedOnly('traffic_drop', { service: 'all', share: 0.8 })
  expect(whole.changed).toEqual([])
  expect(whole.gone.length / whole.everyday.length).toBeGreaterThan(0.77)
  expect(whole.gone.length / whole.everyday.length).toBeLessThan(0.83)
  expect(distinct(whole.gone, 'service')).toBe(6)
  const one = changedOnly('traffic_drop', { service: 'search', share: 0.9 })
  expect(new Set(one.gone.map((event) => event['service']))).toEqual(new Set(['search']))
  expect([...whole.gone, ...one.gone].filter((event) => !isWithin(event))).toEqual([])
})

test.for(['declined', 'broken'] as const)(
  'checkout_failures, %s: orders fail, and bring no receipt',
  (variant) => {
    const { changed, gone, everyday } = changedOnly('checkout_failures', { variant, share: 0.8 })
    const orders = everyday.filter((event) => event['checkout_status'] === 'completed')
    expect(changed.length / orders.length).toBeGreaterThan(0.6)
    for (const { from, to } of changed) {
      expect(from['checkout_status']).toBe('completed')
      expect(to['checkout_status']).toBe('failed')
      expect(to.status_code).toBe(variant === 'broken' ? 500 : 200)
    }
    expect(gone.length).toBeGreaterThan(0)
    for (const { url } of gone) expect(url).toMatch(/receipt$/)
  },
)

test('credential_stuffing, fast: one address, many users, nearly nothing fits', () => {
  const added = addedOnly('credential_stuffing', { variant: 'fast', per_minute: 120 })
  expectPerMinute(added, 120)
  for (const event of added) expect(event).toMatchObject({ action: 'login', url: '/login', service: 'auth' })
  expect(distinct(added, 'ip_address')).toBe(1)
  expect(distinct(added, 'user_id') / added.length).toBeGreaterThan(0.8)
  expect(failedShare(added)).toBeGreaterThan(0.95)
})

test('credential_stuffing, slow: hundreds of addresses with a few attempts each and unusual agents', () => {
  const added = addedOnly('credential_stuffing', { variant: 'slow', addresses: 200 })
  expect(distinct(added, 'ip_address')).toBeGreaterThan(150)
  for (const own of groupBy(added, 'ip_address').values()) expect(own.length).toBeLessThanOrEqual(4)
  for (const event of added) expect(event['user_agent']).not.toMatch(/^Mozilla/)
  expect(failedShare(added)).toBeGreaterThan(0.95)
})

test('password_spraying: users in turn, from one network, and none more often than the others', () => {
  const added = addedOnly('password_spraying', { variant: 'network', per_minute: 60, users: 150 })
  expectPerMinute(added, 60)
  const networks = added.map((event) => networkOf(String(event['ip_address'])))
  expect(new Set(networks).size).toBe(1)
  expect(distinct(added, 'ip_address')).toBeGreaterThanOrEqual(5)
  expect(added.length / distinct(added, 'user_id')).toBeLessThan(4)
  expect(failedShare(added)).toBeGreaterThan(0.98)
  const one = addedOnly('password_spraying', { variant: 'address' })
  expect(distinct(one, 'ip_address')).toBe(1)
})

test('brute_force: one address tries one user until it gets in, and looks around', () => {
  const added = addedOnly('brute_force', { per_minute: 60 })
  expect(distinct(added, 'ip_address')).toBe(1)
  expect(distinct(added, 'user_id')).toBe(1)
  const success = added.findIndex((event) => event['action'] === 'login' && event.status_code === 200)
  expect(added.slice(0, success).map(({ status_code }) => status_code)).toEqual(Array(success).fill(401))
  expect(success).toBeGreaterThan(250)
  const loot = added.slice(success + 1)
  expect(loot.length).toBeGreaterThanOrEqual(4)
  for (const event of loot) expect(event.session_id).toBe(added[success]?.session_id)
})

test.for(['address', 'session'] as const)(
  'scraping, by %s: product pages in order, at a steady pace',
  (variant) => {
    const added = addedOnly('scraping', { variant, per_minute: 120 })
    expectPerMinute(added, 120)
    expect(distinct(added, 'ip_address')).toBe(1)
    expect(distinct(added, 'url')).toBe(added.length)
    for (const { url } of added) expect(endpointOf(url)).toBe('/products/{id}')
    const sessions = distinct(added, 'session_id')
    expect(sessions).toBe(variant === 'session' ? 1 : Math.ceil(added.length / 10))
    const times = added.map(({ timestamp }) => Date.parse(timestamp))
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThan(1.6)
  },
)

test('scanner: one address, many odd paths, all of them missing or forbidden', () => {
  const added = addedOnly('scanner', { per_minute: 60 })
  expectPerMinute(added, 60)
  expect(distinct(added, 'ip_address')).toBe(1)
  expect(distinct(added, 'url')).toBeGreaterThanOrEqual(100)
  expect(new Set(added.map(({ status_code }) => status_code))).toEqual(new Set([403, 404]))
})

test('outlying_carts: several sessions with 100 to 1,000 items', () => {
  const added = addedOnly('outlying_carts', { sessions: 6, per_minute: 12 })
  expect(distinct(added, 'session_id')).toBe(6)
  for (const event of added) {
    expect(event['cart_size']).toBeGreaterThanOrEqual(100)
    expect(event['cart_size']).toBeLessThanOrEqual(1_000)
  }
})

test('session_reuse: one session, two agents and two networks at once', () => {
  const added = addedOnly('session_reuse', { per_minute: 10 })
  expect(distinct(added, 'session_id')).toBe(1)
  expect(distinct(added, 'user_id')).toBe(1)
  expect(distinct(added, 'user_agent')).toBe(2)
  expect(distinct(added, 'ip_address')).toBe(2)
  const turns = added.filter((event, index) => event['ip_address'] !== added[index - 1]?.['ip_address'])
  expect(turns.length).toBeGreaterThan(added.length / 5)
})

test('deploy_blip: one service fails and is slower', () => {
  const { changed, gone } = changedOnly('deploy_blip', { service: 'catalog', share: 0.2, factor: 2 })
  expect(gone).toEqual([])
  const failed = changed.filter(({ from, to }) => to.status_code === 500 && from.status_code !== 500)
  expect(failed.length / changed.length).toBeGreaterThan(0.15)
  expect(failed.length / changed.length).toBeLessThan(0.25)
  for (const { from, to } of changed) {
    expect(to['service']).toBe('catalog')
    expect(to.response_time).toBeGreaterThan(from.response_time)
  }
})

test('nightly_batch: one internal administrator exports, and the database is slower for all', () => {
  const { added, gone, changed, everyday } = compare('nightly_batch', { per_minute: 30, factor: 1.5 })
  expect(gone).toEqual([])
  expectPerMinute(added, 30)
  for (const event of added) expect(event).toMatchObject({ auth_level: 'admin', ip_address: '10.20.9.20' })
  expect(changed).toHaveLength(everyday.length)
})

test.for(['flash_sale', 'marketing_peak'] as const)('%s: more visitors who walk as visitors do', (kind) => {
  const { added, gone, changed, everyday } = compare(kind, { factor: 3 })
  expect({ gone, changed }).toEqual({ gone: [], changed: [] })
  const within = added.filter(isWithin)
  // It begins and ends over some minutes, and the last visitors leave after it.
  expect(within.length / everyday.length).toBeGreaterThan(0.4)
  expect(within.length / everyday.length).toBeLessThan(2)
  expect(within.length / added.length).toBeGreaterThan(0.6)
  expect(distinct(added, 'user_id')).toBeGreaterThan(50)
  const first = added.filter(
    (event, index) => added.findIndex((e) => e.session_id === event.session_id) === index,
  )
  const tagged = first.filter(({ url, ...event }) => /utm_campaign=/.test(url) || 'referrer_url' in event)
  expect(tagged.length / first.length).toBeGreaterThan(0.95)
})

test('an attacker does what an attacker does, however many customers there are', () => {
  const counts = [2, 20].map((ratePerS) => addedOnly('scanner', { per_minute: 60 }, ratePerS).length)
  expect(counts[0]).toBe(counts[1])
})
