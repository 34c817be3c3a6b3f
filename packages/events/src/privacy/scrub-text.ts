import { isIP } from 'node:net'
import type { Pseudonymise } from './pseudonyms.js'

/** Stands where a credential stood. */
export const dropped = '[dropped]'

const secretWords =
  '[\\w.-]*(?:token|secret|passw(?:or)?d|passphrase|api[-_]?key|private[-_]?key|access[-_]?key|authorization|credentials?|cookie|jwt)'

/** `name=value`, `name: value`, `"name":"value"` and escaped JSON, up to the end of the value or of a cut line. */
const namedSecret = new RegExp(
  `(\\\\?["']?\\b${secretWords}\\\\?["']?\\s{0,4}[:=]\\s{0,4})` +
    `(?:\\\\"(?:[^\\\\]|\\\\[^"])*(?:\\\\"|$)|"(?:[^"\\\\]|\\\\.)*(?:"|$)|'[^']*(?:'|$)|(?:(?:bearer|basic|digest|token)\\s+)?[^\\s&;,|"'}\\]]+)`,
  'gi',
)

/** Credentials that can be told by their own shape. */
const shapedSecret = new RegExp(
  [
    String.raw`\btoken_\w+`,
    String.raw`\beyJ[\w-]{6,}(?:\.[\w-]*){1,4}`,
    String.raw`\bbearer\s+[\w.~+/=-]{8,}`,
    String.raw`\bbasic\s+(?=[a-z+/]*[\d=])[a-z\d+/]{8,}={0,2}`,
    String.raw`\b(?:sk|pk|rk)_(?:live|test)_\w{8,}`,
    String.raw`\bgh[opsur]_\w{16,}`,
    String.raw`\bxox[abprs]-[\w-]{8,}`,
    String.raw`\bAKIA[A-Z\d]{16}\b`,
    String.raw`(?<=:\/\/)[^\s/@:]{1,256}:[^\s/@]{1,256}(?=@)`,
  ].join('|'),
  'gi',
)

const maySecret =
  /token|secret|passw|passphrase|key|authorization|credential|cookie|jwt|eyJ|bearer|basic|[spr]k_|gh[opsur]_|xox|AKIA|:\/\//i

/** Takes credentials out of a text, by the name before them and by their shape. */
export function dropSecrets(text: string): string {
  if (!maySecret.test(text)) return text
  return text.replaceAll(namedSecret, `$1${dropped}`).replaceAll(shapedSecret, dropped)
}

const email = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/g
const addressCandidate =
  /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[\da-f]{0,4}:[\da-f:.]{0,40}:)[\da-f:]{2,39}(?:\d{1,3}(?:\.\d{1,3}){3})?)(?![\w:]|\.\d)/gi
const namedUser =
  /(\\?["']?\b(?:user[-_]?id|user[-_]?name|login|email)\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)([^\s&;,|"'\\}\]]{1,256})/gi
const mayPerson = /@|\d\.\d|:[\da-f]*:|user|login|email/i

/** Replaces people in a text by their pseudonyms: mail addresses, network addresses, and named user ids. */
export function pseudonymiseText(text: string, pseudonymise: Pseudonymise): string {
  if (!mayPerson.test(text)) return text
  return text
    .replaceAll(email, (found) => pseudonymise('user', found))
    .replaceAll(addressCandidate, (found) => (isIP(found) === 0 ? found : pseudonymise('ip', found)))
    .replaceAll(namedUser, (_, name: string, value: string) => `${name}${pseudonymise('user', value)}`)
}
