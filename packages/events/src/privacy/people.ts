import { isIP } from 'node:net'
import type { Replace } from './replace.js'

/** A mail address; `icon@2x.png` and `package@1.2.3` only look like one. */
const mail = /[\p{L}\p{N}._%+'-]{1,64}@(?!\dx\.)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu

/** Four numbers, unless a version is announced. */
const fourNumbers =
  /(?<![a-z\d.]|version[\s:="']{1,4}|(?:chrome|chromium|crios|edg|edge|edga|edgios|opr|opera|vivaldi|yabrowser|whale|electron)\/)\d{1,3}(?:\.\d{1,3}){3}(?![a-z\d]|\.\d)/gi
const groups = /(?<![\w:.])[\da-f:]{2,48}(?:\d{0,3}(?:\.\d{1,3}){3})?(?![a-z\d])/gi
const afterColon = /(?<=\w:)[\da-f]{1,4}:[\da-f:]{2,40}(?:\d{0,3}(?:\.\d{1,3}){3})?(?![a-z\d])/gi

/** Quoted names after the word user: `user 'jane'`. */
const quotedUser = /(\buser\s{1,4}\\{0,3}["'])([^"'\\]{1,128})/gi

/** Replaces mail addresses. */
export function replaceMails(text: string, replace: Replace): string {
  return text.includes('@') ? text.replaceAll(mail, (found) => replace('user', found)) : text
}

const mayAddress = /\d\.\d|:[\da-f]{0,4}:/i
const mayQuotedUser = /user\s/i

/** Replaces people in a sentence: mail and network addresses, and quoted user names. */
export function replacePeople(text: string, replace: Replace): string {
  let clean = replaceMails(text, replace)
  if (mayAddress.test(clean)) clean = replaceAddresses(clean, replace)
  if (!mayQuotedUser.test(clean)) return clean
  return clean.replaceAll(quotedUser, (_, before: string, name: string) => before + replace('user', name))
}

function replaceAddresses(text: string, replace: Replace): string {
  const v6 = (found: string): string => replaceGroups(found, replace)
  const v4 = (found: string): string => (isClient(found) ? replace('ip', found) : found)
  const clean = text.includes(':') ? text.replaceAll(groups, v6).replaceAll(afterColon, v6) : text
  return clean.replaceAll(fourNumbers, v4)
}

/** Times, MAC addresses and names like `Ab::Cd` are made of the same characters as IPv6; a colon may follow one. */
function replaceGroups(found: string, replace: Replace): string {
  const address = [found, found.replace(/:$/, '')].find((candidate) => isIP(candidate) === 6)
  if (address === undefined || !/\d/.test(address)) return found
  return replace('ip', address) + found.slice(address.length)
}

/** `120.0.0.0` is a version or a network and no client. */
function isClient(found: string): boolean {
  return !found.endsWith('.0.0.0') && isIP(found.replaceAll(/(?<![\d])0+(?=\d)/g, '')) === 4
}
