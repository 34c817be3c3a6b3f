import { remember } from '../remember.js'

/**
 * What the name of a value says of the value. A `number` or a `word` is a secret unless it is just that:
 * `max_tokens: 4096` and `token_type: Bearer` may be read, `max_tokens: eyJhb…` not.
 */
export type KeyKind = 'secret' | 'number' | 'word' | 'user' | 'ip' | 'agent' | 'other'

// Names are compared in lower case and without `_`, `-`, brackets and spaces.
const secretKey =
  /token|secret|passw(?:or)?d|passphrase|passcode|authori[sz]ation|credential|cookie|jwt|bearer|[cx]srf|(?:api|private|access|signing|encryption|master|auth|ssh|session)key|rawheaders|samlresponse|sessid|jsessionid|cardnumber|creditcard|(?:onetime|verification|auth)code|(?:pwd|otp|cvv2?|cvc2?|signature)$|^(?:(?:user|db|login|new|old)?pass|pin|sid|connectsid|auth|xauth|iban|ssn|sig)$/

const numberKey =
  /^(?:has|is|max|min|num|total|requires?|remaining|used|prompt|completion|input|output)|(?:tokens|counts?|used|usage|limit|length|size|ttl|age|expiry|expires|expiresin|expiresat|expiration|expired|iat|issuedat|changedat|updatedat|createdat|attempts|retries|failures|ms|seconds|minutes|days|valid|enabled|required|present)$/
const wordKey =
  /(?:type|status|state|policy|method|level|scheme|kind|consent|strength|alg|algorithm|scopes?|name|provider|result|reason|error|less|tokenizer|tokeni[sz]ation|secretary)$/

const userKey =
  /^(?:user|ident|login|loginname|uid|e?mail|emailaddress|(?:user|customer|member|account)(?:id|name|login|e?mail|phone)|phone|phonenumber|telephone|mobilenumber|firstname|lastname|fullname|givenname|familyname|surname|displayname|nickname|birthdate|dateofbirth|dob)$/

/** Names of clients' addresses; servers' own are protected by the look of their values like any text. */
const addressKey =
  /^(?:ip|ipaddr(?:ess)?|(?:client|remote|source|src|user|peer|origin|trueclient|cfconnecting|xreal|xclient)(?:ip|addr|address|host)|(?:x?forwarded|xoriginalforwarded)(?:for)?)$/

const agentKey = /(?:agent|version|release|build)$/

/** Judges a value by its name, a dotted path. Judgements are remembered. */
export const kindOfKey: (path: string) => KeyKind = remember(10_000, judge)

function judge(path: string): KeyKind {
  const parts = path.toLowerCase().split('.').map(plain)
  const names = parts.filter((part) => !/^\d*$/.test(part))
  const named = names.at(-1) ?? ''
  const last = names.slice(-2).join('')
  // A secret's inner parts are secret too: `token.value`, `cookies.sid`, `authorization.0`.
  const guards = [...parts, last].map(guardOf).filter((kind) => kind !== 'other')
  if (guards[0] !== undefined) return guards.includes('secret') ? 'secret' : guards[0]
  if (userKey.test(named) || userKey.test(last) || last.endsWith('userid')) return 'user'
  if (addressKey.test(named) || addressKey.test(last)) return 'ip'
  return agentKey.test(named) ? 'agent' : 'other'
}

function guardOf(part: string): KeyKind {
  if (!secretKey.test(part)) return 'other'
  if (numberKey.test(part)) return 'number'
  return wordKey.test(part) ? 'word' : 'secret'
}

function plain(text: string): string {
  return text.replaceAll(/[^a-z\d]/g, '')
}

const plainNumber =
  /^(?:-?\d{1,10}(?:\.\d{1,9})?(?: ?(?:ms|s|m|h|d|%))?|true|false|\d{4}-\d\d-\d\d(?:[T ][\d:.]{1,18}(?:Z|[+-]\d\d:?\d\d)?)?)$/i
/** Letters that change between large and small within a word are more likely Base64. */
const plainWord =
  /^(?:(?:[A-Z]?[a-z]{1,15}|[A-Z]{1,15})(?:[ _-][a-z]{1,15}){0,2}|(?:HS|RS|ES|PS|SHA-?)\d{3}|OAuth ?2?(?:\.0)?)$/

/** Whether a value under a `number` or `word` name is one, and so no secret. */
export function isHarmless(kind: 'number' | 'word', value: string): boolean {
  return plainNumber.test(value) || (kind === 'word' && plainWord.test(value))
}
