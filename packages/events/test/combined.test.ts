import { describe, expect, it } from 'vitest'
import { decodeLine, formats, type LogEvent } from '../src/index.js'
import { accessLines, anyContext, eventOf } from './fixtures.js'

const combined = (text: string): LogEvent => eventOf(formats.combined, text)
const time = '[22/Nov/2026:07:48:10 +0000]'
const at = Date.UTC(2026, 10, 22, 7, 48, 10) * 1000
/** A line with the parts that a case is about. */
const access = (parts: { head?: string; time?: string; request?: string; tail?: string }): string =>
  `${parts.head ?? '1.2.3.4 - -'} ${parts.time ?? time} "${parts.request ?? 'GET / HTTP/1.1'}" ${parts.tail ?? '200 5 "-" "x"'}`

describe('the combined format', () => {
  it('reads every field of a line', () => {
    expect(combined(accessLines[0])).toEqual({
      timestamp: Date.UTC(2015, 4, 17, 10, 5, 3) * 1000,
      level: 'INFO',
      ip_address: '83.149.9.216',
      http_method: 'GET',
      url: '/images/kibana-search.png',
      status_code: 200,
      referrer_url: 'http://semicomplete.com/presentations/',
      user_agent:
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36',
      attributes: { http_version: 'HTTP/1.1', response_bytes: '203023' },
    })
  })

  it('reads common lines, IPv6, offsets, users and `-` for nothing', () => {
    expect(combined(accessLines[1])).toEqual({
      timestamp: Date.UTC(2000, 9, 10, 20, 55, 36) * 1000,
      level: 'ERROR',
      ip_address: '2001:db8::7',
      user_id: 'frank',
      http_method: 'POST',
      url: '/login',
      status_code: 401,
      attributes: { http_version: 'HTTP/2.0' },
    })
    expect(combined(accessLines[2])).toMatchObject({
      user_id: 'frank',
      attributes: { response_bytes: '2326' },
    })
  })

  it.each([
    ['dsl-7.isp.example - -', { ip_address: 'dsl-7.isp.example' }],
    ['1.2.3.4 - jane doe', { ip_address: '1.2.3.4', user_id: 'jane doe' }],
    ['1.2.3.4 - jane [x] doe', { user_id: 'jane [x] doe' }],
    ['1.2.3.4 - ""', { ip_address: '1.2.3.4' }],
    ['1.2.3.4 - ', { ip_address: '1.2.3.4' }],
    ['1.2.3.4 -', { ip_address: '1.2.3.4' }],
    ['1.2.3.4', { ip_address: '1.2.3.4' }],
    ['- - -', {}],
    ['1.2.3.4 jdoe -', { attributes: expect.objectContaining({ ident: 'jdoe' }) as unknown }],
    ['[2001:db8::7] - -', { ip_address: '2001:db8::7' }],
    [
      '1.2.3.4, 10.0.0.1 - -',
      {
        ip_address: '1.2.3.4',
        attributes: expect.objectContaining({ forwarded_for: '10.0.0.1' }) as unknown,
      },
    ],
    [
      'shop.example:443 1.2.3.4 - frank',
      {
        ip_address: '1.2.3.4',
        user_id: 'frank',
        attributes: expect.objectContaining({ vhost: 'shop.example:443' }) as unknown,
      },
    ],
  ])('reads the head %s', (head, expected) => {
    const event = combined(access({ head }))
    expect(event).toMatchObject(expected)
    expect(event).toMatchObject({ url: '/', timestamp: at })
    if (!('user_id' in expected)) expect(event.user_id).toBeUndefined()
  })

  it.each([
    ['[22/Nov/2026:07:48:10 +0000]', at],
    ['[22/nov/2026:07:48:10 +0000]', at],
    ['[22/Nov/2026:07:48:10 +0200]', at - 7_200_000_000],
    ['[22/Nov/2026:07:48:10 -0530]', at + 19_800_000_000],
    ['[22/Nov/2026:07:48:10]', at],
    ['[22/Nov/2026:07:48:10.123 +0000]', at + 123_000],
    ['[2026-11-22T07:48:10+00:00]', at],
    ['[22/Nov/2026:07:48:60 +0000]', at + 49_000_000],
  ])('reads the time %s', (text, micros) => {
    expect(combined(access({ time: text })).timestamp).toBe(micros)
  })

  it.each([
    ['GET /a%20b?c=d HTTP/1.0', { http_method: 'GET', url: '/a%20b?c=d' }],
    ['GET /a b c HTTP/1.1', { http_method: 'GET', url: '/a b c' }],
    ['GET /', { http_method: 'GET', url: '/' }],
    ['get / HTTP/1.1', { http_method: 'GET', url: '/' }],
    ['OPTIONS * HTTP/1.0', { http_method: 'OPTIONS', url: '*' }],
    ['CONNECT mail.example:443 HTTP/1.1', { http_method: 'CONNECT', url: 'mail.example:443' }],
    ['GET http://other.example/x HTTP/1.1', { http_method: 'GET', url: 'http://other.example/x' }],
    ['GET / HTTP/2.0', { attributes: expect.objectContaining({ http_version: 'HTTP/2.0' }) as unknown }],
    ['GET /q?a=\\"x\\" HTTP/1.1', { url: '/q?a="x"' }],
    ['GET /q?a="x" HTTP/1.1', { url: '/q?a="x"' }],
    ['GET /x\\" 200 1 \\"y HTTP/1.1', { url: '/x" 200 1 "y', status_code: 200 }],
    ['GET /\\xe4\\xf6 HTTP/1.1', { url: '/\\xe4\\xf6' }],
    ['GET /äö HTTP/1.1', { url: '/äö' }],
    [`GET /${'a'.repeat(100_000)} HTTP/1.1`, { http_method: 'GET' }],
    ['SSTP_DUPLEX_POST /sra_{BA195980}/ HTTP/1.1', { http_method: 'SSTP_DUPLEX_POST' }],
  ])('reads the request %s', (request, expected) => {
    expect(combined(access({ request }))).toMatchObject(expected)
  })

  it.each([
    '\\x16\\x03\\x01\\x00',
    '\x16\x03\x01',
    'quit',
    'GET',
    '\\n',
    'MGLNDD_x_80',
    'hello there',
    'GET  HTTP/1.1',
  ])('keeps the bytes %j that are no request', (request) => {
    const event = combined(access({ request, tail: '400 226 "-" "-"' }))
    expect(event).toMatchObject({ status_code: 400, attributes: { request } })
    expect(event.url).toBeUndefined()
  })

  it.each(['-', ''])('takes the request %j for none', (request) => {
    expect(combined(access({ request, tail: '408 -' }))).toEqual({
      timestamp: at,
      level: 'WARN',
      ip_address: '1.2.3.4',
      status_code: 408,
      attributes: {},
    })
  })

  it.each([
    ['200 5', {}],
    ['200 -', {}],
    ['200', {}],
    ['200 5 "-" "-"', {}],
    ['200 5 "http://r.example/"', { referrer_url: 'http://r.example/' }],
    ['200 5 "http://r.example/" "a b"', { referrer_url: 'http://r.example/', user_agent: 'a b' }],
    ['200 5 "-" "cut', { user_agent: 'cut' }],
    ['200 5 "-" "a \\"b\\" c"', { user_agent: 'a "b" c' }],
    ['200 5 "-" "a "b" c"', { user_agent: 'a "b" c' }],
    ['200 5 "" ""', {}],
    [
      '200 5 "-" "a" "9.9.9.9"',
      { user_agent: 'a', attributes: expect.objectContaining({ rest: '"9.9.9.9"' }) as unknown },
    ],
    [
      '200 5 "-" "a" 0.005',
      { user_agent: 'a', attributes: expect.objectContaining({ rest: '0.005' }) as unknown },
    ],
    ['499 0 "-" "a"', { user_agent: 'a', status_code: 499, level: 'WARN' }],
    ['503 0 "-" "a"', { user_agent: 'a', status_code: 503, level: 'ERROR' }],
  ])('reads the tail %s', (tail, expected) => {
    const event = combined(access({ tail }))
    expect(event).toMatchObject(expected)
    for (const field of ['referrer_url', 'user_agent'] as const)
      if (!(field in expected)) expect(event[field]).toBeUndefined()
  })

  it.each(['000', '999'])('keeps the status %s, which is none of HTTP’s, as an attribute', (status) => {
    const event = combined(access({ tail: `${status} 0 "-" "-"` }))
    expect(event.status_code).toBeUndefined()
    expect(event.attributes).toMatchObject({ status })
  })

  it('takes Windows line ends and a byte order mark', () => {
    expect(combined(`\uFEFF${accessLines[2]}\r`)).toEqual(combined(accessLines[2]))
  })

  it.each([
    ['words', 'hello world', 'invalid_line'],
    ['a cut request', '1.2.3.4 - - [22/Nov/2026:07:48:10 +0000] "GET /a', 'invalid_line'],
    ['no status', access({ tail: '' }), 'invalid_line'],
    ['no address', `${time} "GET / HTTP/1.1" 200 1`, 'invalid_line'],
    ['no such month', access({ time: '[22/Nob/2026:07:48:10 +0000]' }), 'invalid_field'],
    ['February 30th', access({ time: '[30/Feb/2026:07:48:10 +0000]' }), 'invalid_field'],
    ['25 o’clock', access({ time: '[22/Nov/2026:25:48:10 +0000]' }), 'invalid_field'],
    ['the far future', access({ time: '[22/Nov/2036:07:48:10 +0000]' }), 'timestamp_out_of_range'],
    ['nothing', '\r', 'empty'],
  ])('refuses %s', (_, text, reason) => {
    expect(decodeLine(formats.combined, text, anyContext)).toMatchObject({ ok: false, reason })
  })
})
