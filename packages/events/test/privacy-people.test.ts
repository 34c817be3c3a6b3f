import { describe, expect, it } from 'vitest'
import { createProtection } from '../src/index.js'
import { bareEvent, plainProtection, protection, stored } from './privacy-fixtures.js'
import { people, unmarked } from './privacy-samples.js'

describe('people', () => {
  it.each(people)('are replaced in %s', (text) => {
    const { clear, gone } = unmarked(text)
    for (const value of gone) {
      const places = text.startsWith('/')
        ? [{ url: clear }]
        : [{ message: clear }, { attributes: { note: clear } }]
      for (const place of places) expect(stored(place)).not.toContain(value)
      expect(protection.rejectedLine(clear)).not.toContain(value)
    }
  })

  it('are replaced where the event repeats its own', () => {
    const text = stored({
      user_id: 'Alice42',
      ip_address: 'client-7.isp.example',
      message: 'alice42 from CLIENT-7.isp.example',
      url: '/u/alice42',
      referrer_url: 'https://x.example/?ref=alice42',
      session_id: 's-alice42',
      attributes: { 'by.alice42': 'client-7.isp.example' },
    })
    expect(text.toLowerCase()).not.toContain('alice42')
    expect(text.toLowerCase()).not.toContain('client-7')
  })

  it('keep words of which a short name is a part, and the catalog’s own words', () => {
    const event = protection.event({
      ...bareEvent,
      user_id: 'ann',
      auth_level: 'admin',
      message: 'ann cannot plan',
    })
    expect(event.message).toBe(`${protection.user('ann')} cannot plan`)
    const admin = protection.event({ ...bareEvent, user_id: 'admin', auth_level: 'admin', url: '/admin' })
    expect(admin).toMatchObject({ auth_level: 'admin', url: '/admin', user_id: protection.user('admin') })
  })

  it.each(['user.id', 'userId', 'user_name', 'email', 'customer.name', 'firstName', 'phone'])(
    'are replaced under the key %s',
    (path) => {
      expect(stored({ attributes: { [path]: 'Jane Doe' } })).not.toContain('Jane')
    },
  )

  it.each([
    ['client_ip', '1.2.3.4'],
    ['x-forwarded-for', '1.2.3.4, 5.6.7.8'],
    ['req.headers.x-real-ip', '1.2.3.4'],
    ['remoteAddress', 'dsl-7.isp.example'],
  ])('are replaced under the key %s: %s', (path, value) => {
    expect(stored({ attributes: { [path]: value } })).not.toMatch(/1\.2\.3\.4|5\.6\.7\.8|dsl-7/)
  })

  it('have one pseudonym for every spelling of an address, and keep it when replayed', () => {
    const pseudonym = protection.ip('1.2.3.4')
    expect(protection.ip('::ffff:1.2.3.4')).toBe(pseudonym)
    expect(protection.ip('::FFFF:0102:0304')).toBe(pseudonym)
    expect(protection.ip('2001:DB8:0:0::7')).toBe(protection.ip('2001:db8::7'))
    expect(protection.ip(pseudonym)).toBe(pseudonym)
    expect(protection.user('1.2.3.4')).not.toBe(pseudonym)
    expect(createProtection('pseudonyms', 'cd'.repeat(32)).ip('1.2.3.4')).not.toBe(pseudonym)
  })

  it('stay in clear in plain mode', () => {
    const event = plainProtection.event({
      ...bareEvent,
      user_id: 'alice',
      ip_address: '1.2.3.4',
      message: 'alice of 1.2.3.4',
    })
    expect(event).toMatchObject({ user_id: 'alice', ip_address: '1.2.3.4', message: 'alice of 1.2.3.4' })
    expect(event.ip_network).toBe('1.2.3.0/24')
  })
})
