import { isIP } from 'node:net'
import type { LogEvent } from '../event.js'
import { limits } from '../limits.js'
import { createPseudonyms } from './pseudonyms.js'
import { dropped, dropSecrets, pseudonymiseText } from './scrub-text.js'
import { scrubUrl } from './scrub-url.js'
import { kindOfKey } from './secret-keys.js'

/** How personal data is stored: as keyed pseudonyms, or in clear for those who may. */
export const privacyModes = ['pseudonyms', 'plain'] as const

/** How personal data is stored. */
export type PrivacyMode = (typeof privacyModes)[number]

/** An event that may be written to disk. It has no token; in mode `pseudonyms` it has no person either. */
export type ProtectedEvent = Omit<LogEvent, 'token'> & { ip_network?: string | undefined }

/** Takes personal data and credentials out of what goes to disk. */
export interface Protection {
  mode: PrivacyMode
  event(event: LogEvent): ProtectedEvent
  /** A rejected line, of which no field is known: cleaned by pattern, and cut to the kept length. */
  rejectedLine(line: string): string
  /** A value to look a user up by, given in clear or as a pseudonym. */
  user(value: string): string
  /** A value to look an address up by, given in clear or as a pseudonym. */
  ip(value: string): string
}

/** Fields whose text nobody controls but the outside world, beside the ones that are treated on their own. */
const textFields = [
  'service',
  'host',
  'message',
  'request_id',
  'session_id',
  'action',
  'http_method',
  'product_id',
  'checkout_status',
  'auth_method',
  'auth_level',
  'correlation_id',
  'server_ip',
  'protocol',
  'status_text',
  'detail',
  'user_agent',
] as const
/** Sentences, where people may be named; identifiers and agents (`Chrome/120.0.0.0`) only look like addresses. */
const sentences = new Set<string>(['message', 'detail', 'action', 'status_text'])

/**
 * The one place that decides what of an event reaches the disk.
 *
 * @param keyHex the pseudonym key, 64 hexadecimal digits; see the key store of the platform.
 */
export function createProtection(mode: PrivacyMode, keyHex: string): Protection {
  const keyed = createPseudonyms(keyHex)
  const pseudonymise = mode === 'plain' ? (_: unknown, value: string) => value : keyed
  const scrubSentence = (text: string): string => pseudonymiseText(dropSecrets(text), pseudonymise)
  const scrubAttribute = (path: string, value: string): string | undefined => {
    const kind = kindOfKey(path)
    if (kind === 'secret') return undefined
    if (kind === 'ip' && isIP(value) === 0) return scrubSentence(value)
    return kind === 'other' ? scrubSentence(value) : pseudonymise(kind, value)
  }
  return {
    mode,
    user: (value) => pseudonymise('user', value),
    ip: (value) => pseudonymise('ip', value),
    rejectedLine: (line) => {
      const kept = line.slice(0, limits.rejectedPayloadCharsMax)
      return scrubSentence(maskPositions(kept, pseudonymise))
    },
    event: (event) => {
      const { token, ...rest } = event
      const safe: ProtectedEvent = { ...rest, attributes: {} }
      for (const field of textFields) {
        const value = rest[field]
        if (value !== undefined)
          safe[field] = sentences.has(field) ? scrubSentence(value) : dropSecrets(value)
      }
      if (rest.url !== undefined) safe.url = scrubUrl(rest.url, scrubSentence)
      if (rest.referrer_url !== undefined) safe.referrer_url = scrubUrl(rest.referrer_url, scrubSentence)
      for (const [path, value] of Object.entries(rest.attributes)) {
        const scrubbed = scrubAttribute(path, value)
        if (scrubbed !== undefined) safe.attributes[scrubSentence(path)] = scrubbed
      }
      const { user_id: user, ip_address: ip } = rest
      if (user !== undefined) safe.user_id = pseudonymise('user', dropSecrets(user))
      if (ip !== undefined) {
        safe.ip_network = networkOf(ip)
        safe.ip_address = pseudonymise('ip', dropSecrets(ip))
      }
      if (token !== undefined) replaceEverywhere(safe, token, dropped)
      if (mode === 'plain') return safe
      if (user !== undefined && distinctive.test(user))
        replaceEverywhere(safe, user, pseudonymise('user', user))
      if (ip !== undefined) replaceEverywhere(safe, ip, pseudonymise('ip', ip))
      return safe
    },
  }
}

/** A value shorter than this is too common to be looked for in other fields. */
const soughtCharsMin = 5

/** A user id that no sentence holds by chance: letters and digits, or a mail address. `admin` is also a path. */
const distinctive = /[a-z].*\d|\d.*[a-z]|@/i

/** What stands in a field of its own may stand in the others too: in a sentence, in a path, in an attribute. */
function replaceEverywhere(event: ProtectedEvent, sought: string, replacement: string): void {
  if (sought.length < soughtCharsMin || sought === replacement) return
  for (const field of [...textFields, 'url', 'referrer_url'] as const) {
    const value = event[field]
    if (value?.includes(sought) === true) event[field] = value.replaceAll(sought, replacement)
  }
  for (const [path, value] of Object.entries(event.attributes)) {
    if (value.includes(sought)) event.attributes[path] = value.replaceAll(sought, replacement)
  }
}

/** The user of a rejected line has no name there but a place: the 5th field of a pipe line, the 3rd of an access log. */
function maskPositions(line: string, pseudonymise: (kind: 'user', value: string) => string): string {
  const pipe = /^((?:[^|]{0,128} \| ){4})([^|]{1,256}?)(?= \| |$)/
  const access = /^(\S{1,256} \S{1,256} )(?!-)([^[\]"]{1,256}?)(?= \[)/
  const mask = (_: string, before: string, user: string): string => before + pseudonymise('user', user)
  return line.includes(' | ') ? line.replace(pipe, mask) : line.replace(access, mask)
}

/** The network of an address: /24 of IPv4, /48 of IPv6; undefined for what is no address. */
export function networkOf(address: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  const version = isIP(mapped)
  if (version === 4) return `${mapped.slice(0, mapped.lastIndexOf('.'))}.0/24`
  if (version !== 6) return undefined
  const [head = '', tail] = mapped.toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':')]
  const prefix = all.slice(0, 3).map((group) => Number.parseInt(group || '0', 16).toString(16))
  return `${prefix.join(':')}::/48`
}
