import { expect, test } from 'vitest'
import { drawEvents, groupBy, startUs, type Line } from './draw.js'

const events = drawEvents(60_000)
/** The first 200 seconds show the rest of visits that had begun before; visits after them are seen from their start. */
const fromTheStart = new Date(startUs / 1_000 + 200_000).toISOString()
const sessions = [...groupBy(events, 'session_id').values()]
const whole = sessions.filter(([first]) => first !== undefined && first.timestamp > fromTheStart)
const shop = 'https://www.pulseshop.example'
const landing = /^\/(?:home|products|search|about|login|account|cart)(?:$|\?|\/\d)/

const succeeded = (event: Line): boolean => event.status_code < 400

test('visits of every age are going on when the traffic starts', () => {
  const atStart = events.slice(0, 2_000).map((event) => event.url)
  expect(atStart.some((url) => url === '/checkout')).toBe(true)
  expect(atStart.filter((url) => url.startsWith('/home')).length).toBeLessThan(300)
})

test('a visit belongs to one user and starts where one can arrive', () => {
  const starts = whole.map(([first]) => first?.url ?? '')
  expect(whole.length).toBeGreaterThan(1_000)
  expect(starts.filter((url) => !landing.test(url))).toEqual([])
  for (const session of sessions) expect(new Set(session.map((event) => event.user_id)).size).toBe(1)
})

test('pages refer to pages of the same visit, and only arrivals to other sites', () => {
  for (const session of whole) {
    const seen = new Set<string>()
    let arriving = true
    for (const event of session) {
      const referrer = event['referrer_url']
      if (typeof referrer === 'string' && referrer.startsWith(shop)) {
        expect(seen).toContain(referrer.slice(shop.length))
        arriving = false
      } else {
        expect(arriving).toBe(true)
      }
      seen.add(event.url)
    }
  }
})

test('the cart grows by adding, shrinks by removing, is sold by an order and else stays as it is', () => {
  let orders = 0
  for (const session of whole) {
    let size: number | undefined
    for (const event of session) {
      const now = event['cart_size'] as number | undefined
      const change = (now ?? 0) - (size ?? now ?? 0)
      if (event.url === '/cart/items' && succeeded(event)) expect(now).toBeGreaterThan(size ?? 0)
      else if (event.url.startsWith('/cart/items/') && succeeded(event)) expect(Math.abs(change)).toBe(1)
      else expect(change).toBe(0)
      if (event['checkout_status'] === 'completed') orders += 1
      size = event['checkout_status'] === 'completed' ? 0 : (now ?? size ?? 0)
    }
  }
  expect(orders).toBeGreaterThan(50)
})

test('checkouts are pending until the order completes or fails', () => {
  for (const event of events) {
    if (event['http_method'] === 'POST' && event.url === '/orders') {
      expect(['completed', 'failed']).toContain(event['checkout_status'])
      if (!succeeded(event)) expect(event['checkout_status']).toBe('failed')
    } else {
      expect(event['checkout_status'] ?? 'pending').toBe('pending')
    }
  }
})

test('a token appears by signing in and goes by signing out; failed logins come before the good one', () => {
  let failuresThenSuccess = 0
  for (const session of whole) {
    let signedIn = session[0]?.['token'] !== undefined
    let failures = 0
    for (const event of session) {
      const login = event['action'] === 'login'
      if (login && succeeded(event)) {
        signedIn = true
        if (failures > 0) failuresThenSuccess += 1
      } else if (login) failures += 1
      expect(event['token'] !== undefined).toBe(signedIn)
      if (login) expect(event['auth_method']).toBeDefined()
      const expired = event.status_code === 401 && !login
      if ((event['action'] === 'logout' && succeeded(event)) || expired) signedIn = false
    }
  }
  expect(failuresThenSuccess).toBeGreaterThan(5)
})

test('the requests of one operation share a correlation id and follow each other closely', () => {
  const operations = [...groupBy(events, 'correlation_id').values()].filter(
    (operation) => operation.length > 1,
  )
  expect(operations.length).toBeGreaterThan(5_000)
  for (const operation of operations) {
    expect(new Set(operation.map((event) => event.session_id)).size).toBe(1)
    const spanMs = Date.parse(operation.at(-1)?.timestamp ?? '') - Date.parse(operation[0]?.timestamp ?? '')
    expect(spanMs).toBeLessThan(60_000)
  }
})

test('only administrators see the pages of administrators', () => {
  const admin = drawEvents(60_000, { seed: 3 }).filter((event) => event.url.startsWith('/admin'))
  expect(admin.length).toBeGreaterThan(0)
  for (const event of admin) expect(event['auth_level']).toBe('admin')
})
