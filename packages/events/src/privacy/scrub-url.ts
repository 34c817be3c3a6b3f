import { kindOfKey } from './secret-keys.js'

/** Cleans one value of a query by its meaning. */
type ScrubText = (text: string) => string

/**
 * Cleans an address: parameters of its query and fragment that are credentials are taken out, the rest is scrubbed
 * as text, also where it is percent-encoded (`?next=%2Flogin%3Ftoken%3Dabc`).
 */
export function scrubUrl(url: string, scrub: ScrubText): string {
  const queryStart = url.search(/[?#]/)
  if (queryStart === -1) return scrubEncoded(url, scrub)
  const path = scrubEncoded(url.slice(0, queryStart), scrub)
  const rest = url
    .slice(queryStart)
    .replaceAll(/([?#&;])([^?#&;]*)/g, (_, separator: string, pair: string) => {
      const name = pair.slice(0, pair.includes('=') ? pair.indexOf('=') : undefined)
      if (name !== pair && kindOfKey(decode(name)) === 'secret') return `${separator}\0`
      return separator + scrubEncoded(pair, scrub)
    })
  return path + withoutGaps(rest)
}

/** Closes the gaps of the parameters that were taken out, keeping `?` and `#` before what remains. */
function withoutGaps(rest: string): string {
  if (!rest.includes('\0')) return rest
  return rest
    .replaceAll(/[&;]\0/g, '')
    .replaceAll(/([?#])\0[&;]/g, '$1')
    .replaceAll(/[?#]\0/g, '')
}

function scrubEncoded(text: string, scrub: ScrubText): string {
  const plain = scrub(text)
  if (plain !== text || !text.includes('%')) return plain
  const decoded = decode(text)
  const scrubbed = scrub(decoded)
  return scrubbed === decoded ? text : encodeURI(scrubbed)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // Not every percent sign is an encoding; what can't be decoded is looked at as it is.
    return text
  }
}
