import type { LogEvent } from '../event.js'
import { remember } from '../remember.js'
import { networkOf } from './network.js'
import { holdsOwn, ownValue, replaceOwn, type OwnValue } from './own-values.js'
import { createPseudonyms } from './pseudonyms.js'
import { scrubRejectedLine } from './rejected-line.js'
import { dropped, type Replace } from './replace.js'
import { scrubAttributes } from './scrub-attributes.js'
import { scrubLabel, scrubSentence } from './scrub-text.js'
import { scrubUrl } from './scrub-url.js'

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

/** Fields whose texts repeat, so that their cleaned texts are remembered: sentences, names, closed sets of words. */
const sentenceFields = ['detail', 'action', 'status_text'] as const
const labelFields = ['service', 'host', 'server_ip', 'user_agent'] as const
const wordFields = ['http_method', 'checkout_status', 'auth_method', 'auth_level', 'protocol'] as const
/** Fields whose texts hardly repeat. */
const idFields = ['request_id', 'session_id', 'product_id', 'correlation_id'] as const
const numberFields = [
  'response_time',
  'db_query_time',
  'server_processing_time',
  'network_latency',
  'cart_size',
  'port',
  'status_code',
] as const

/** Where the event's own token, user and address are looked for: everywhere but in closed sets of words. */
const sweptFields = [
  'message',
  'url',
  'referrer_url',
  ...sentenceFields,
  ...labelFields,
  ...idFields,
] as const

/** Texts that are remembered per kind of field; memory stays within some tens of megabytes. */
const rememberedMax = 20_000

/** An identifier of letters, digits and dashes can only be a secret if it holds one of these. */
const plainId = /^[\w-]{1,64}$/
const tellingId = /tok|eyJ|[spr]k[_-]|gh[a-z]_|github|glpat|xox|AKIA|ASIA|AIza|npm_/i

/** Whether a text is an identifier in which nothing can be found that must not be stored. */
export function isPlainId(text: string): boolean {
  return plainId.test(text) && !tellingId.test(text)
}

/**
 * The one place that decides what of an event reaches the disk.
 *
 * @param keyHex the pseudonym key, 64 hexadecimal digits; see the key store of the platform.
 */
export function createProtection(mode: PrivacyMode, keyHex: string): Protection {
  const keyed = createPseudonyms(keyHex)
  const pseudonymise = mode === 'plain' ? (_: unknown, value: string) => value : keyed
  const replace: Replace = (kind, value) => (kind === 'secret' ? dropped : pseudonymise(kind, value))
  const sentence = remember(rememberedMax, (text) => scrubSentence(text, replace))
  const label = remember(rememberedMax, (text) => scrubLabel(text, replace))
  const referrer = remember(rememberedMax, (text) => scrubUrl(text, replace))
  const id = (text: string) => (isPlainId(text) ? text : scrubLabel(text, replace))

  const clean = (event: LogEvent): ProtectedEvent => {
    const { timestamp, level, message, url, referrer_url, user_id, ip_address } = event
    const safe: ProtectedEvent = { timestamp, level, attributes: scrubAttributes(event.attributes, replace) }
    for (const field of idFields) if (event[field] !== undefined) safe[field] = id(event[field])
    for (const field of sentenceFields) if (event[field] !== undefined) safe[field] = sentence(event[field])
    for (const field of labelFields) if (event[field] !== undefined) safe[field] = label(event[field])
    for (const field of wordFields) if (event[field] !== undefined) safe[field] = label(event[field])
    for (const field of numberFields) if (event[field] !== undefined) safe[field] = event[field]
    if (message !== undefined) safe.message = scrubSentence(message, replace)
    if (url !== undefined) safe.url = scrubUrl(url, replace)
    if (referrer_url !== undefined) safe.referrer_url = referrer(referrer_url)
    // Hashed, a value can hold what it wants; in clear it must not hold a credential.
    const inClear = mode === 'plain' ? label : (value: string) => value
    if (user_id !== undefined) safe.user_id = replace('user', inClear(user_id))
    if (ip_address === undefined) return safe
    const network = networkOf(ip_address)
    if (network !== undefined) safe.ip_network = network
    safe.ip_address = replace('ip', inClear(ip_address))
    return safe
  }

  return {
    mode,
    user: (value) => pseudonymise('user', value),
    ip: (value) => pseudonymise('ip', value),
    rejectedLine: (line) => scrubRejectedLine(line, replace),
    event: (event) => {
      const safe = clean(event)
      sweep(safe, ownValues(event, safe))
      return safe
    },
  }
}

/** What stands in a field of its own may stand in the others too: in a sentence, in a path, in an attribute. */
function ownValues(event: LogEvent, safe: ProtectedEvent): OwnValue[] {
  const { token, user_id, ip_address } = event
  return [
    token === undefined ? undefined : ownValue(token, dropped),
    user_id === undefined ? undefined : ownValue(user_id, safe.user_id ?? ''),
    ip_address === undefined ? undefined : ownValue(ip_address, safe.ip_address ?? ''),
  ].filter((own) => own !== undefined)
}

function sweep(safe: ProtectedEvent, own: OwnValue[]): void {
  // Events hardly repeat themselves, so one look at all their texts spares most of them the search by field.
  let texts = ''
  for (const field of sweptFields) if (safe[field] !== undefined) texts += `\n${safe[field]}`
  for (const path in safe.attributes) texts += `\n${path}\n${safe.attributes[path]}`
  if (!holdsOwn(texts.toLowerCase(), own)) return
  for (const field of sweptFields) if (safe[field] !== undefined) safe[field] = replaceOwn(safe[field], own)
  safe.attributes = Object.fromEntries(
    Object.entries(safe.attributes).map(([path, value]) => [replaceOwn(path, own), replaceOwn(value, own)]),
  )
}
