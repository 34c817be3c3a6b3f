import { encodeAddress, encodeComponent, withoutLayers } from './layers.js'
import type { Replace } from './replace.js'
import { scrubSentence } from './scrub-text.js'
import { isHarmless, kindOfKey } from './secret-keys.js'

const plainPath = /^[\w/-]*$/
const plainPair = /^[\w=-]*$/
const telling = /tok|secret|pass|pwd|key|jwt|credential|cookie|eyJ|[spr]k[_-]|gh[a-z]_/i

/** An identifier behind the name of a collection of people: `/users/4712/cart`. */
const personInPath = /(?<=\/(?:users?|customers?|accounts?|members?|profiles?)\/)(?=[^/]*\d)[^/]{1,128}/gi

/**
 * Cleans an address: parameters of its query and fragment that are credentials are taken out, the rest is scrubbed
 * as text, also where it is percent-encoded (`?next=%2Flogin%3Ftoken%3Dabc`).
 */
export function scrubUrl(url: string, replace: Replace): string {
  if (plainPath.test(url) && !telling.test(url)) return replacePersonInPath(url, replace)
  const queryStart = url.search(/[?#]/)
  const wholePath = queryStart === -1 ? url : url.slice(0, queryStart)
  const path = scrubSentence(replacePersonInPath(wholePath, replace), replace, encodeAddress)
  if (queryStart === -1) return path
  const rest = url
    .slice(queryStart)
    .replaceAll(/([?#&;])([^?#&;]*)/g, (_, separator: string, pair: string) => {
      const scrubbed = scrubPair(pair, replace)
      return scrubbed === undefined ? `${separator}\0` : separator + scrubbed
    })
  return path + withoutGaps(rest)
}

function replacePersonInPath(path: string, replace: Replace): string {
  return path.replaceAll(personInPath, (found) => replace('user', withoutLayers(found)))
}

/** A parameter's clean text, or undefined if it is a credential. */
function scrubPair(pair: string, replace: Replace): string | undefined {
  const equals = pair.indexOf('=')
  if (equals === -1) return scrubSentence(pair, replace, encodeComponent)
  const name = withoutLayers(pair.slice(0, equals).replaceAll('+', ' '))
  const value = pair.slice(equals + 1)
  const kind = kindOfKey(name)
  if (kind === 'secret') {
    replace('secret', value)
    return undefined
  }
  if (kind === 'number' || kind === 'word') return isHarmless(kind, withoutLayers(value)) ? pair : undefined
  if (kind === 'other' && plainPair.test(pair) && !telling.test(pair)) return pair
  const safeName = scrubSentence(pair.slice(0, equals), replace, encodeComponent)
  const reading = withoutLayers(value)
  if ((kind === 'user' || kind === 'ip') && reading !== '') return `${safeName}=${replace(kind, reading)}`
  const words = value.includes('+') ? value.replaceAll('+', ' ') : value
  const scrubbed = scrubSentence(words, replace, encodeComponent)
  return `${safeName}=${scrubbed === words ? value : scrubbed.replaceAll(' ', '+')}`
}

/** Closes the gaps of the parameters that were taken out, keeping `?` and `#` before what remains. */
function withoutGaps(rest: string): string {
  if (!rest.includes('\0')) return rest
  return rest
    .replaceAll(/[&;]\0/g, '')
    .replaceAll(/([?#])\0[&;]/g, '$1')
    .replaceAll(/[?#]\0/g, '')
}
