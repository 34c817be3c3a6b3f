import { describe, expect, it } from 'vitest'
import { fieldNames, formats, logEventSchema } from '../src/index.js'
import { eventOf, pipeLines } from './fixtures.js'
import { bareEvent, protection } from './privacy-fixtures.js'
import { harmless, people, secrets, unmarked } from './privacy-samples.js'

describe('harmless text', () => {
  it.each(harmless)('stays: %s', (text) => {
    const event = protection.event({ ...bareEvent, message: text, detail: text, attributes: { note: text } })
    expect(event).toMatchObject({ message: text, detail: text, attributes: { note: text } })
    if (text.startsWith('/')) expect(protection.event({ ...bareEvent, url: text }).url).toBe(text)
  })

  it('loses no field of the catalog but the token', () => {
    const numbers =
      /^(?:timestamp|cart_size|port|status_code|response_time|.*_query_time|.*_processing_time|.*_latency)$/
    const values = fieldNames.map((name) => [name, numbers.test(name) ? 200 : '1.2.3.4'])
    const full = logEventSchema.parse({
      ...Object.fromEntries(values),
      level: 'INFO',
      attributes: { a: 'b' },
    })
    const kept = Object.keys(protection.event(full)).filter((name) => name !== 'ip_network')
    expect(kept.toSorted()).toEqual(fieldNames.filter((name) => name !== 'token').toSorted())
  })

  it('stays in every field of the catalog but the personal ones', () => {
    for (const line of pipeLines) {
      const { token, user_id, ip_address, ...rest } = eventOf(formats.pipe, line)
      const safe = protection.event({ ...rest, token, user_id, ip_address })
      expect(safe).toMatchObject(rest)
      expect(safe).not.toHaveProperty('token')
      expect(safe.user_id).toMatch(/^user_[a-z2-7]{16}$/)
      expect(safe.ip_address).toMatch(/^ip_[a-z2-7]{16}$/)
    }
  })

  it.each([
    ['auth_method', 'JWT'],
    ['token_type', 'Bearer'],
    ['max_tokens', '4096'],
    ['usage.total_tokens', '512'],
    ['token_expires_in', '3600'],
    ['password_changed_at', '2026-11-22T07:48:10Z'],
    ['has_password', 'true'],
    ['cookie_consent', 'accepted'],
    ['jwt_alg', 'HS256'],
    ['key', 'value'],
    ['keyboard', 'qwerty'],
    ['app_version', '1.2.3.4'],
    ['membership', 'gold'],
    ['zip', '20000'],
  ])('stays under the key %s: %s', (path, value) => {
    expect(protection.event({ ...bareEvent, attributes: { [path]: value } }).attributes).toEqual({
      [path]: value,
    })
  })

  it.each([
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'SomeClient/1.2.3.4',
  ])('stays as an agent: %s', (agent) => {
    expect(protection.event({ ...bareEvent, user_agent: agent }).user_agent).toBe(agent)
  })

  it('is what a protected event is: protecting it again changes nothing', () => {
    for (const text of [...secrets, ...people].map((each) => unmarked(each).clear)) {
      const once = protection.event({
        ...bareEvent,
        message: text,
        user_id: 'alice42',
        ip_address: '1.2.3.4',
      })
      // The network of a pseudonym is not known any more.
      const { ip_network: _, ...event } = once
      expect(protection.event(event)).toEqual(event)
    }
  })
})
