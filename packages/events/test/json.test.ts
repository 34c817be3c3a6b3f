import { describe, expect, it } from 'vitest'
import { decodeLine, formats, limits, type LogEvent } from '../src/index.js'
import { anyContext, eventOf, jsonLines } from './fixtures.js'

const json = (value: unknown): LogEvent => eventOf(formats.json, JSON.stringify(value))
const reasonOf = (value: unknown): string => {
  const decoded = decodeLine(
    formats.json,
    typeof value === 'string' ? value : JSON.stringify(value),
    anyContext,
  )
  return decoded.ok ? 'none' : decoded.reason
}
const at = Date.UTC(2026, 10, 22, 7, 48, 10) * 1000 + 784_000

describe('NDJSON', () => {
  it('reads our own field names', () => {
    expect(eventOf(formats.json, jsonLines[0])).toEqual({
      timestamp: at + 120,
      level: 'INFO',
      request_id: 'req_1',
      session_id: 'session_1',
      user_id: 'user_155',
      action: 'login',
      http_method: 'POST',
      url: '/login?next=%2Fcart',
      ip_address: '55.10.23.112',
      response_time: 610.5,
      cart_size: 3,
      token: 'token_85642',
      status_code: 200,
      attributes: { region: 'eu' },
    })
  })

  it('reads pino with pino-http', () => {
    expect(eventOf(formats.json, jsonLines[1])).toEqual({
      timestamp: at,
      level: 'INFO',
      service: 'shop',
      host: 'web-1',
      message: 'request completed',
      request_id: '7',
      http_method: 'GET',
      url: '/a',
      ip_address: '::ffff:10.1.2.3',
      response_time: 12,
      status_code: 404,
      attributes: { pid: '1', 'req.headers.host': 'x', 'req.headers.authorization': 'Bearer abcdefgh1' },
    })
  })

  it('reads winston, with and without a time', () => {
    expect(eventOf(formats.json, jsonLines[2])).toEqual({
      timestamp: at,
      level: 'WARN',
      service: 'db',
      message: 'slow query',
      attributes: {},
    })
    expect(json({ level: 'error', message: 'x' })).toMatchObject({
      timestamp: anyContext.receivedAtMicros,
      level: 'ERROR',
    })
    expect(json({ level: 'info', message: { text: 'x' } }).attributes).toEqual({ 'message.text': 'x' })
  })

  it.each([
    ...[10, 20, '10', 'trace', 'debug', 'silly', 'verbose', 'DEBUG', 7].map(
      (level) => [level, 'DEBUG'] as const,
    ),
    ...[30, 'info', 'Info', 'INFO', 'http', 'notice', 6].map((level) => [level, 'INFO'] as const),
    ...[40, 'warn', 'WARNING', 4].map((level) => [level, 'WARN'] as const),
    ...[50, 60, '60', 'error', 'fatal', 'crit', 'emerg', 0, 3].map((level) => [level, 'ERROR'] as const),
  ])('folds the level %s to %s', (level, folded) => {
    expect(json({ level, msg: 'x' }).level).toBe(folded)
  })

  it.each([
    [undefined, 'INFO'],
    [200, 'INFO'],
    [404, 'WARN'],
    [403, 'WARN'],
    [401, 'ERROR'],
    [500, 'ERROR'],
  ])('gives an event without a level, with status %s, the level %s', (status, level) => {
    expect(json({ msg: 'x', status }).level).toBe(level)
  })

  it.each([
    ['2026-11-22T07:48:10.784Z', at],
    ['2026-11-22 07:48:10.784', at],
    ['2026-11-22T07:48:10,784Z', at],
    ['2026-11-22T07:48:10.784120999Z', at + 120],
    ['2026-11-22T08:48:10.784+01:00', at],
    ['2026-11-22T02:18:10.784-0530', at],
    ['2026-11-22T07:48Z', at - 10_784_000],
    ['2026-06-30T23:59:60Z', Date.UTC(2026, 5, 30, 23, 59, 59) * 1000],
    [at / 1e6, at],
    [at / 1e3, at],
    [at, at],
    [at * 1e3, at],
    [String(at / 1e3), at],
  ])('reads the time %s', (time, micros) => {
    // A number of nanoseconds has no place for the last digits.
    expect(Math.abs(json({ time, msg: 'x' }).timestamp - micros)).toBeLessThanOrEqual(1)
  })

  it.each(['2026-02-30T00:00:00Z', '2026-13-01', '2026-11-22T25:00:00Z', '2026-11-22T07:60:00Z'])(
    'refuses the time %s, which there is not',
    (timestamp) => {
      expect(reasonOf({ timestamp, msg: 'x' })).toBe('invalid_field')
    },
  )

  it.each([
    [{ status: 'ok' }, { attributes: { status: 'ok' } }],
    [{ status: '200' }, { status_code: 200 }],
    [
      { status_code: 200, status: 404 },
      { status_code: 200, attributes: { status: '404' } },
    ],
    [{ user_id: 42 }, { user_id: '42' }],
    [
      { method: 'get', path: '/a' },
      { http_method: 'GET', url: '/a' },
    ],
    [{ response_time: '0.61s' }, { response_time: 610 }],
    [{ response_time: '61 ms' }, { response_time: 61 }],
    [{ url: '', msg: 'x' }, { message: 'x' }],
    [{ msg: null, a: { b: [1, { c: true }] } }, { attributes: { 'a.b.0': '1', 'a.b.1.c': 'true' } }],
    [{ name: 'Jane', msg: 'x' }, { attributes: { name: 'Jane' } }],
    [
      { host: { name: 'web-1' }, service: { name: 'shop' }, x: 1 },
      { host: 'web-1', service: 'shop' },
    ],
    [{ a: 'half a pair \ud800' }, { attributes: { a: 'half a pair \ud800' } }],
  ])('reads %j', (value, expected) => {
    expect(json(value)).toMatchObject(expected)
  })

  it('keeps what is nested deep as JSON text', () => {
    let value: unknown = { end: 1 }
    for (let depth = 0; depth < 20; depth += 1) value = { n: value }
    const attributes = Object.values(json({ value }).attributes)
    expect(attributes).toHaveLength(1)
    expect(attributes[0]).toContain('"end":1')
  })

  it.each([
    ['a token of any type', '{"msg":"x","token":12345}'],
    ['a token that is an object', '{"msg":"x","token":{"value":"abc"}}'],
    ['a level of its own', '{"msg":"x","level":"success"}'],
    ['an empty message beside a request', '{"msg":"","req":{"url":"/a"},"pid":1}'],
  ])('takes %s', (_, line) => {
    expect(reasonOf(line)).toBe('none')
  })

  it.each([
    ['{', 'invalid_json'],
    ['[{"msg":"x"}]', 'invalid_json'],
    ['"msg"', 'invalid_json'],
    ['null', 'invalid_json'],
    [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'invalid_json'],
    ['{}', 'empty'],
    ['  ', 'empty'],
    ['{"level":"info","time":1795333690784}', 'empty'],
    ['{"msg":"x","level":{"name":"loud"}}', 'invalid_field'],
    ['{"msg":"x","level":12345}', 'invalid_field'],
    ['{"level":"info","message":""}', 'empty'],
    ['{"level":30,"time":1795333690784,"pid":1,"hostname":"vm","name":"shop","msg":""}', 'empty'],
    ['{"url":{"path":"/a"}}', 'invalid_field'],
    ['{"port":0}', 'invalid_field'],
    ['{"cart_size":1.5}', 'invalid_field'],
    ['{"response_time":-1}', 'invalid_field'],
    ['{"response_time":1e999}', 'invalid_field'],
    ['{"status_code":42}', 'invalid_field'],
    ['{"msg":"x","timestamp":"soon"}', 'invalid_field'],
    ['{"msg":"x","timestamp":"2036-01-01"}', 'timestamp_out_of_range'],
    ['{"msg":"x","timestamp":"1980-01-01"}', 'timestamp_out_of_range'],
    [JSON.stringify({ a: Array.from({ length: limits.attributesMax + 1 }, () => 1) }), 'too_many_attributes'],
    [JSON.stringify({ a: 'é'.repeat(limits.lineBytesMax / 2) }), 'too_long'],
  ])('refuses %.60s', (line, reason) => {
    expect(reasonOf(line)).toBe(reason)
  })

  it('moves events in time, but not those that have none of their own', () => {
    const moved = { ...anyContext, timeShiftMicros: -1_000_000 }
    const decoded = decodeLine(formats.json, jsonLines[2], moved)
    expect(decoded).toMatchObject({ event: { timestamp: at - 1_000_000 } })
    expect(decodeLine(formats.json, '{"msg":"x"}', moved)).toMatchObject({
      event: { timestamp: anyContext.receivedAtMicros },
    })
  })
})
