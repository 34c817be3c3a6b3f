import { describe, expect, it } from 'vitest'
import { decodeLine, formats } from '../src/index.js'
import { anyContext, eventOf, pipeLines } from './fixtures.js'

const [line] = pipeLines
const pipe = (text: string) => decodeLine(formats.pipe, text, anyContext)

describe('the pipe format', () => {
  it('reads every field of a line', () => {
    expect(eventOf(formats.pipe, line)).toEqual({
      timestamp: Date.UTC(2026, 10, 22, 7, 48, 10) * 1000 + 784_120,
      level: 'ERROR',
      request_id: 'req_76510',
      session_id: 'session_2486',
      user_id: 'user_155',
      action: 'login',
      http_method: 'POST',
      url: '/products',
      referrer_url: 'https://www.google.com',
      ip_address: '55.10.23.112',
      user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)',
      response_time: 610,
      product_id: 'prod_328',
      cart_size: 10,
      checkout_status: 'pending',
      token: 'token_85642',
      auth_method: 'Basic',
      auth_level: 'admin',
      correlation_id: 'corr_16499',
      server_ip: '250.57.12.143',
      port: 57_284,
      protocol: 'HTTP',
      status_code: 500,
      status_text: 'Internal Server Error',
      detail: 'Server encountered an unexpected condition.',
      attributes: {},
    })
  })

  it('leaves absent what is empty, and a direct entry without referrer', () => {
    const event = eventOf(formats.pipe, pipeLines[1].replace('user_148', '').replace('prod_644', ''))
    expect(event).not.toHaveProperty('referrer_url')
    expect(event).not.toHaveProperty('user_id')
    expect(event).not.toHaveProperty('product_id')
    const silent = eventOf(formats.pipe, line.replace(/Detail: .*/, 'Detail: '))
    expect(silent).not.toHaveProperty('detail')
  })

  it.each([
    ['0.6900000000000001s', 690],
    ['0.6499999999999999s', 650],
    ['6.5s', 6500],
    ['1e-05s', 0.01],
    ['12s', 12_000],
    ['250ms', 250],
    ['0s', 0],
  ])('reads the response time %s as %d ms', (text, ms) => {
    expect(eventOf(formats.pipe, line.replace('0.61s', text)).response_time).toBe(ms)
  })

  it('keeps the separator in the sentence at the end, and takes Windows line ends', () => {
    expect(eventOf(formats.pipe, `${line} | and more\r`).detail).toBe(
      'Server encountered an unexpected condition. | and more',
    )
  })

  it.each([
    ['a missing field', line.replace(' | login', ''), 'invalid_line'],
    ['a cut line', line.slice(0, 300), 'invalid_line'],
    ['another label', line.replace('Cart Size', 'Cart'), 'invalid_line'],
    ['no sentence', line.replace('Detail: ', 'Note: '), 'invalid_line'],
    ['no time', line.replace('2026-11-22T', 'yesterday '), 'invalid_field'],
    ['February 30th', line.replace('2026-11-22', '2026-02-30'), 'invalid_field'],
    ['no such level', line.replace('ERROR', 'LOUD'), 'invalid_field'],
    ['no status', line.replace('500 Internal', 'Internal'), 'invalid_field'],
    ['a status of another world', line.replace('500 Internal', '999 Internal'), 'invalid_field'],
    ['a response time without unit', line.replace('0.61s', '0.61'), 'invalid_field'],
    ['a negative cart', line.replace('Size: 10', 'Size: -1'), 'invalid_field'],
    ['a port out of range', line.replace('57284', '70000'), 'invalid_field'],
    ['the far future', line.replace('2026-', '2036-'), 'timestamp_out_of_range'],
    ['the far past', line.replace('2026-', '1970-'), 'timestamp_out_of_range'],
    ['nothing', ' \t', 'empty'],
  ])('refuses %s', (_, text, reason) => {
    expect(pipe(text)).toMatchObject({ ok: false, reason })
  })
})
