import type { Replace } from './replace.js'

const mayHold =
  /tok|secret|pass|pwd|key|jwt|credential|cookie|eyJ|bearer|basic|[spr]k[_-]|gh[a-z]_|github_pat|glpat|xox|AKIA|ASIA|AIza|npm_|:\/\/|BEGIN/i

/** Credentials that can be told by their own shape. */
const shapes = new RegExp(
  [
    String.raw`\b(?:sk|pk|rk)[_-](?:live|test|ant|proj|or)[_-][\w-]{8,}`,
    String.raw`\bsk-(?=\w{0,40}\d)\w{20,}`,
    String.raw`\bgh[oprsu]_\w{16,}`,
    String.raw`\bgithub_pat_\w{16,}`,
    String.raw`\bglpat-[\w-]{16,}`,
    String.raw`\bnpm_[A-Za-z\d]{24,}`,
    String.raw`\bxox[abeprs]-[\w-]{8,}`,
    String.raw`\bA(?:KIA|SIA)[A-Z\d]{16}\b`,
    String.raw`\bAIza[\w-]{30,}`,
    String.raw`-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----(?:[^-]|-(?!----END))*(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?`,
    String.raw`[Tt][Oo][Kk](?:[Ee][Nn])?[_-](?=\w{0,64}\d)\w+`,
    // The user and password before a host; the password may hold an @ itself.
    String.raw`(?<=:\/\/)[^\s/?#"'<>]{1,512}(?=@)`,
  ].join('|'),
  'g',
)

/** JSON in Base64. With dots it is a token; so is what begins like a token's head and was cut. */
const encodedJson = /eyJ[\w-]{12,}(?:\.[\w-]*)*/g
const tokenHead = /\.|^eyJ(?:hbGci|0eXAi|raWQi|lbmMi|jdHki|4NX)/

/** `Bearer abc…` and `Basic dXNl…`, wherever they stand. */
const scheme = /\b(bearer|basic)(\s{1,8})([\w.~+/-]{4,}={0,2})/gi

/** A secret's name, then something opaque after a space or as the next part of a path: `/reset-password/4f2a…`. */
const spoken =
  /((?:token|secret|passw(?:or)?d|passphrase|jwt|cookie|credentials?|api[ _-]?key)(?:[ _/-](?:is|was|reset|confirm|verify))?(?:\s{1,4}["']?|\/))(?!\d{4}-\d\d)((?<=\/)[\w.~=-]{8,}|(?<=[\s"'])[\w.~+/=-]{8,})/gi

/** Takes credentials out of a text that no name betrays. */
export function replaceShaped(text: string, replace: Replace): string {
  if (!mayHold.test(text)) return text
  return text
    .replaceAll(encodedJson, (found) => (tokenHead.test(found) ? replace('secret', found) : found))
    .replaceAll(shapes, (found) => replace('secret', found))
    .replaceAll(scheme, (whole, name: string, space: string, value: string) =>
      isCredential(name, value) ? name + space + replace('secret', value) : whole,
    )
    .replaceAll(spoken, (whole, before: string, value: string) =>
      /\d/.test(value) ? before + replace('secret', value) : whole,
    )
}

/** `Basic authentication` and `bearer token` are words, `Basic dXNlcjpwYXNz` holds a name and a password. */
function isCredential(scheme: string, value: string): boolean {
  if (scheme.toLowerCase() === 'bearer') return !/^[a-z]{1,15}[.]?$/.test(value)
  return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(Buffer.from(value, 'base64').toString('latin1'))
}
