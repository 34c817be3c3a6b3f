import { createHmac } from 'node:crypto'
import { isIP } from 'node:net'
import { remember } from '../remember.js'

/** What a pseudonym stands for; the same text as a user and as an address has two unlike pseudonyms. */
export type PersonalKind = 'user' | 'ip'

/**
 * What a pseudonym looks like: `user_` or `ip_` and 80 bits of the keyed hash in base 32. It is written so that
 * JavaScript and ClickHouse read it alike; the kind is its only group.
 */
export const pseudonymShape = '(user|ip)_[a-z2-7]{16}'

const pseudonymPattern = new RegExp(`^${pseudonymShape}$`)
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const pseudonymBytes = 10
/** Pseudonyms that are remembered; a hash costs some microseconds and users come back. */
const memoryMax = 100_000

/** Turns a personal value into its pseudonym. */
export type Pseudonymise = (kind: PersonalKind, value: string) => string

/**
 * Keyed pseudonyms (HMAC-SHA-256, cut to 80 bits): the same value has the same pseudonym as long as the key stays,
 * so rows can be joined and counted, and without the key nobody can try addresses one after the other. A value
 * that is a pseudonym already stays as it is, so that a replayed event keeps its identity.
 */
export function createPseudonyms(keyHex: string): Pseudonymise {
  const key = Buffer.from(keyHex, 'hex')
  const of = (kind: PersonalKind) =>
    remember(memoryMax, (value) => {
      if (pseudonymPattern.test(value)) return value
      const subject = `${kind}\0${kind === 'ip' ? canonicalAddress(value) : value}`
      const digest = createHmac('sha256', key).update(subject).digest()
      return `${kind}_${base32(digest.subarray(0, pseudonymBytes))}`
    })
  const pseudonyms = { user: of('user'), ip: of('ip') }
  return (kind, value) => pseudonyms[kind](value)
}

/**
 * One spelling for one address: IPv6 shortened, an IPv4 address in IPv6 (`::ffff:1.2.3.4`) as IPv4. Names are
 * brought to lower case.
 */
export function canonicalAddress(value: string): string {
  if (isIP(value) !== 6) return value.toLowerCase()
  const [address = ''] = value.split('%')
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short)
  if (mapped === null) return short
  const [high, low] = mapped.slice(1).map((group) => Number.parseInt(group, 16)) as [number, number]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** RFC 4648 in lower case, without padding; the length must be a multiple of five bytes. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet.charAt((value >> bits) & 31)
    }
  }
  return text
}
