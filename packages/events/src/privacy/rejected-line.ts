import { limits } from '../limits.js'
import { ownValue, replaceOwn } from './own-values.js'
import type { Replace } from './replace.js'
import { scrubSentence } from './scrub-text.js'

/** Cutting may part a value from the mark that it is known by; so much more is read than is kept. */
const marginChars = 1_024
/** Values that are looked for in the rest of the line. */
const repeatsMax = 64

/** The 5th field of a pipe line; the one after the session, where a field before it is missing. */
const pipeUser = /^((?:[^|]{0,128}\|){4}\s*)([^|]{1,256}?)(?=\s*\||\s*$)/
const afterSession = /(\|\s*session[^|]{0,128}\|\s*)([^|]{1,256}?)(?=\s*\||\s*$)/i
/** Address, identity, user, and then the time in brackets or the request or nothing. */
const accessHead = /^(\S{1,512})(\s+\S{1,256}(?:\s+|$))([^]{0,512}?)(?=\s*\[|\s*"|$)/
/** An identity that is nobody's, or the time in brackets. */
const accessMark = /^\S{1,512}\s+-(?:\s|$)|\[\d{1,4}[/-]/
const dated = /^\d{4}-\d\d/
/** A line cut after its first word, the client's name. */
const hostName = /^[\w-]{1,63}(?:\.[\w-]{1,63}){1,16}$/
const userShape = /\buser_(?=\w{0,64}\d)\w{1,128}/gi

/**
 * Cleans a line of which no field is known, and cuts it to the kept length. What it finds by name, place or shape
 * is then replaced wherever else the line repeats it.
 */
export function scrubRejectedLine(line: string, replace: Replace): string {
  const found = new Map<string, string>()
  const remembering: Replace = (kind, value) => {
    const replacement = replace(kind, value)
    if (found.size < repeatsMax) found.set(value, replacement)
    return replacement
  }
  const read = line.slice(0, limits.rejectedPayloadCharsMax + marginChars)
  let clean = scrubSentence(maskPlaces(read, remembering), remembering).replaceAll(userShape, (user) =>
    remembering('user', user),
  )
  const own = [...found].map(([value, replacement]) => ownValue(value, replacement))
  clean = replaceOwn(
    clean,
    own.filter((value) => value !== undefined),
  )
  const cut = read.length < line.length ? clean.length - marginChars : clean.length
  return clean.slice(0, Math.min(Math.max(cut, 0), limits.rejectedPayloadCharsMax))
}

/** In pipe lines and access logs a user has no name but a place. */
function maskPlaces(line: string, replace: Replace): string {
  const text = line.trim()
  if (/^(?:\{|\[\s*[{["])/.test(text)) return text
  if (hostName.test(text)) return replace('ip', text)
  const isAccess = accessMark.test(text) && !dated.test(text)
  const user = (_: string, before: string, value: string): string => before + replace('user', value)
  if (!isAccess) return text.includes('|') ? text.replace(pipeUser, user).replace(afterSession, user) : text
  return text.replace(accessHead, (_, address: string, identity: string, name: string) => {
    const safeIdentity = identity.replace(/\S+/, (value) =>
      saysNothing(value) ? value : replace('user', value),
    )
    return (
      (saysNothing(address) ? address : replace('ip', address)) +
      safeIdentity +
      (saysNothing(name) ? name : replace('user', name))
    )
  })
}

/** Web servers write `-` or `""` for nothing. */
function saysNothing(value: string): boolean {
  return /^["-]{0,2}$/.test(value.trim())
}
