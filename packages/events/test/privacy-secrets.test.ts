import { describe, expect, it } from 'vitest'
import type { LogEvent } from '../src/index.js'
import { bareEvent, plainProtection, protection, stored } from './privacy-fixtures.js'
import { secrets, unmarked } from './privacy-samples.js'

const url = (text: string) => protection.event({ ...bareEvent, url: text }).url

describe('secrets', () => {
  it.each(secrets)('are taken out of %s', (text) => {
    const { clear, gone } = unmarked(text)
    const places: Partial<LogEvent>[] = [
      { message: clear },
      { detail: clear },
      { attributes: { note: clear } },
      { attributes: { 'a.b.0': clear } },
      ...(text.startsWith('/') ? [{ url: clear }, { referrer_url: `https://x.example${clear}` }] : []),
    ]
    for (const place of places) {
      for (const value of gone) {
        expect(stored(place)).not.toContain(JSON.stringify(value).slice(1, -1))
        expect(JSON.stringify(plainProtection.event({ ...bareEvent, ...place }))).not.toContain(
          JSON.stringify(value).slice(1, -1),
        )
      }
    }
    for (const value of gone) expect(protection.rejectedLine(clear)).not.toContain(value)
  })

  it.each(
    `token Token access_token accessToken refresh-token req.headers.authorization password user.password newPassword password_confirmation apiKey API-KEY x-api-key client_secret req.headers.cookie res.headers.set-cookie.0 cookies.sid token.value tokens.0 jwt otp cvv card_number private_key aws.secret_access_key credentials.x connect.sid PHPSESSID pin rawHeaders.1 csrfToken token_type max_tokens has_password auth`.split(
      ' ',
    ),
  )('are left out under the key %s', (path) => {
    expect(stored({ attributes: { [path]: 'zx81-9Qw' } })).not.toContain('zx81-9Qw')
  })

  it.each(['Basic dXNlcjpwYXNz', 'Bearer abcdefgh', 'letmein'])('are left out of a header: %s', (value) => {
    const attributes = { 'req.headers.authorization': value, 'req.headers.cookie': value, token_type: value }
    expect(Object.keys(protection.event({ ...bareEvent, attributes }).attributes)).not.toContain(
      'req.headers.cookie',
    )
    expect(stored({ attributes: { 'req.headers.authorization': value } })).not.toContain(value)
  })

  it('are left out of pairs of name and value', () => {
    const attributes = { 'headers.0.name': 'Cookie', 'headers.0.value': 'sid=zx81' }
    expect(stored({ attributes })).not.toContain('zx81')
  })

  it('are looked for where the event repeats its own token', () => {
    const token = 'Xy+9/zz=='
    const text = stored({
      token,
      message: `got ${token}`,
      detail: token.toUpperCase(),
      url: `/a/${encodeURIComponent(token)}`,
      user_agent: `x ${token}`,
      request_id: `r-${token}`,
      attributes: { note: `<${token}>`, [`k ${token}`]: 'v' },
    })
    expect(text.toLowerCase()).not.toContain('xy+9')
    expect(text.toLowerCase()).not.toContain('xy%2b9')
    expect(text).not.toContain('"token"')
  })

  it('leave a readable address behind', () => {
    expect(url('/a?token=x1&b=2#c')).toBe('/a?b=2#c')
    expect(url('/a?b=2&token=x1')).toBe('/a?b=2')
    expect(url('/a?token=x1')).toBe('/a')
    expect(url('/a?token=x1#top')).toBe('/a#top')
    expect(url('/a?next=%2Fl%3Ftoken%3Dx1%26b%3D2')).toBe('/a?next=%2Fl%3Ftoken%3D%5Bdropped%5D%26b%3D2')
  })
})
