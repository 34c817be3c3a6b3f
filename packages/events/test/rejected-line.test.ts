import { describe, expect, it } from 'vitest'
import { createProtection, decodeLine, formats, limits } from '../src/index.js'
import { anyContext, pipeLines, randomFrom } from './fixtures.js'

const protection = createProtection('pseudonyms', 'ab'.repeat(32))
const clean = (line: string): string => protection.rejectedLine(line)

const shop = (user: string, ip: string, token: string): string =>
  pipeLines[0].replace('user_155', user).replace('55.10.23.112', ip).replace('token_85642', token)
const object = (user: string, ip: string, token: string): string =>
  JSON.stringify({
    level: 'info',
    user_id: user,
    ip_address: ip,
    token,
    url: `/u/${user}?token=${token}`,
    message: `user ${user} from ${ip} with ${token}`,
    req: { headers: { authorization: `Bearer ${token}`, cookie: `sid=${token}` } },
    payload: JSON.stringify({ token, user_id: user, ip }),
  })
const access = (user: string, ip: string, token: string): string =>
  `${ip} - ${user} [22/Nov/2026:07:48:10 +0000] "GET /u/${user}?token=${token} HTTP/1.1" 200 5 "https://x.example/?access_token=${token}" "x"`

const lines = { shop, object, access }
const people = [
  ['user_155', '55.10.23.112', 'token_85642'],
  ['alice', '2001:db8::7a1', 'Zx81opaqueQw'],
  ['alice42@example.com', 'dsl-7.isp.example', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
] as const

describe.each(Object.entries(lines))('a rejected line like %s', (kind, write) => {
  it.each(people)('keeps nothing of %s, %s, %s, wherever it is cut', (user, ip, token) => {
    const line = write(user, ip, token)
    for (let length = 1; length <= line.length; length += 1) {
      const kept = clean(line.slice(0, length))
      for (const value of [user, ip, token]) expect(kept).not.toContain(value)
    }
  })

  it.each(people)('keeps nothing of %s, %s, %s, whatever is broken', (user, ip, token) => {
    const random = randomFrom(7)
    const line = write(user, ip, token)
    const marks = [...line.matchAll(/[^\w.:@-]+/g)]
    for (let round = 0; round < 500; round += 1) {
      const mark = marks[random(marks.length)]
      if (mark === undefined) break
      const broken = `${line.slice(0, mark.index)}${' ,;|{'[random(5)] ?? ''}${line.slice(mark.index + mark[0].length)}`
      const kept = clean(broken)
      for (const value of [token, ip]) expect([broken, kept.includes(value)]).toEqual([broken, false])
    }
  })

  it('is recognised in part by whoever mends the producer', () => {
    expect(clean(write('alice', '1.2.3.4', 'token_1'))).toContain(
      { shop: 'Response Time: 0.61s', object: '"level":"info"', access: '22/Nov/2026' }[kind],
    )
  })
})

describe('a rejected line', () => {
  it.each([
    'level=info hello world',
    'this is no log line at all',
    '2026-11-22T07:48:10 INFO started on port 8080',
    '# comment',
    '<html><body>hello</body></html>',
  ])('stays as it is when it names nobody: %s', (line) => {
    expect(clean(line)).toBe(line)
  })

  it('is cut to the kept length, and nothing that the cut parts survives', () => {
    for (let shift = 0; shift < 40; shift += 1) {
      const filler = 'x '.repeat(limits.rejectedPayloadCharsMax / 2 - 10) + 'y'.repeat(shift)
      const kept = clean(`${filler} alice@example.com token_85642 55.10.23.112 ${'z '.repeat(2_000)}`)
      expect(kept.length).toBeLessThanOrEqual(limits.rejectedPayloadCharsMax)
      expect(kept).not.toMatch(/alice|85642|55\.10/)
    }
  })

  it('has the same pseudonyms as an event', () => {
    expect(clean('oops 55.10.23.112 by user_155')).toBe(
      `oops ${protection.ip('55.10.23.112')} by ${protection.user('user_155')}`,
    )
  })

  it('is what the decoders refuse', () => {
    expect(decodeLine(formats.pipe, shop('a', 'b', 'c').slice(0, 400), anyContext).ok).toBe(false)
    expect(decodeLine(formats.json, object('a', 'b', 'c').slice(0, 200), anyContext).ok).toBe(false)
  })
})
