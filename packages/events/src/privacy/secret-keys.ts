/** Names whose values are credentials, compared in lower case and without `_`, `-`, `.` and spaces. */
const secretKey =
  /(?:tokens?|secrets?|passwords?|passwd|passphrase|pwd|apikey|privatekey|accesskey|authorization|credentials?|cookies?|jwt|bearer|cvv|cvc|cardnumber|onetimecode|otp)$/

/** Counts of language models and fields of the catalog that end like a secret and are none. */
const harmless = /^(?:max|total|prompt|completion|input|output)tokens$/

/** Names whose values are people. */
const userKey = /^(?:userid|user|username|userlogin|login|uid|email|useremail|emailaddress|mail)$/

/** Names whose values are clients' addresses. */
const addressKey =
  /^(?:ip|ipaddress|clientip|clientaddress|remoteip|remoteaddr|remoteaddress|xforwardedfor|xrealip|sourceip)$/

const known = new Map<string, KeyKind>()
const knownMax = 10_000

/** What the name of a value says of the value. */
export type KeyKind = 'secret' | 'user' | 'ip' | 'other'

/** Judges a value by its name, of which the last part of a dotted path counts. Judgements are remembered. */
export function kindOfKey(path: string): KeyKind {
  const remembered = known.get(path)
  if (remembered !== undefined) return remembered
  if (known.size >= knownMax) known.clear()
  const kind = judge(path)
  known.set(path, kind)
  return kind
}

function judge(path: string): KeyKind {
  const parts = path.toLowerCase().split('.').map(plain)
  // A secret's inner parts are secret too: `token.value`, `cookies.sid`, `authorization.0`.
  if (parts.some((part) => secretKey.test(part) && !harmless.test(part))) return 'secret'
  const named = parts.findLast((part) => !/^\d*$/.test(part)) ?? ''
  const whole = plain(path.toLowerCase())
  if (userKey.test(named) || whole.endsWith('userid')) return 'user'
  return addressKey.test(named) ? 'ip' : 'other'
}

function plain(text: string): string {
  return text.replaceAll(/[^a-z\d]/g, '')
}
