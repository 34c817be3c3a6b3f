import { describe, expect, it } from 'vitest'
import {
  agentOf,
  endpointOf,
  formatMicros,
  networkOf,
  parseIsoMicros,
  referrerDomainOf,
} from '../src/index.js'

describe('derived fields', () => {
  it.each([
    ['/products/123?ref=7', '/products/{id}'],
    ['https://shop.example/products/9#x', '/products/{id}'],
    ['/users/user_155/orders', '/users/{id}/orders'],
    ['/', '/'],
    ['*', '*'],
    ['/a/550e8400-e29b-41d4-a716-446655440000', '/a/{id}'],
    ['/a/b/c/d/e/f/g/h/i', '/a/b/c/d/e/f/g/h/…'],
  ])('%s is the endpoint %s', (url, endpoint) => {
    expect(endpointOf(url)).toBe(endpoint)
  })

  it('knows browsers and robots, and takes nobody for one', () => {
    const chrome = agentOf(
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    )
    expect(chrome).toEqual({ browser: 'Chrome', os: 'Windows', device: 'desktop' })
    expect(agentOf('Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)').device).toBe(
      'bot',
    )
    expect(agentOf(undefined)).toEqual({ browser: '', os: '', device: '' })
    expect(agentOf('')).toEqual({ browser: '', os: '', device: '' })
  })

  it.each([
    ['https://www.google.com/search?q=a', 'google.com'],
    ['http://u:p@X.example:8080/', 'x.example'],
    ['/cart', ''],
    [undefined, ''],
  ])('%s refers from %j', (url, domain) => {
    expect(referrerDomainOf(url)).toBe(domain)
  })

  it.each([
    ['1.2.3.4', '1.2.3.0/24'],
    ['::ffff:1.2.3.4', '1.2.3.0/24'],
    ['2001:DB8:1:2::7', '2001:db8:1::/48'],
    ['2001:db8::7', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['host.example', undefined],
  ])('%s is of the network %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })

  it('writes times as it reads them', () => {
    const text = '2026-11-22T07:48:10.784120Z'
    expect(formatMicros(parseIsoMicros(text) ?? 0)).toBe(text)
    expect(parseIsoMicros('2026-11-22T07:48:10+99:00')).toBeUndefined()
  })
})
