import { remember } from '../remember.js'

/** A part of a path that is a number or an identifier, not a name; whatever else stands beside a pseudonym, it is one. */
const identifier =
  /^(?:\d[\d,.:_-]*|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=.*\d)[\da-f]{8,}|[a-z]{1,16}[_-]\d+|.*(?:user|ip)_[a-z2-7]{16}.*|(?=(?:[^\d]*\d){3})[\w~-]{20,}|[^/@]+@[^/@]+)$/i

/** Paths longer than this many parts are cut: scanners would fill the rollup with them. */
const partsMax = 8
const partCharsMax = 64
/** A part longer than this is an identifier whatever it is made of. */
const nameCharsMax = 256

/**
 * The endpoint that an address belongs to: its path with numbers and ids folded, without host, query and fragment.
 * `/products/123?ref=7` and `https://shop.example/products/9` are both `/products/{id}`.
 */
export const endpointOf: (url: string) => string = remember(20_000, fold)

function fold(url: string): string {
  const path = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  const parts = path.split('/').filter((part) => part !== '')
  const folded = parts.slice(0, partsMax).map(foldPart)
  if (parts.length > partsMax) folded.push('…')
  // Without a slash in front it is no path: `*` of OPTIONS, `host:443` of CONNECT.
  return path.startsWith('/') || path === '' ? `/${folded.join('/')}` : folded.join('/')
}

function foldPart(part: string): string {
  return part.length > nameCharsMax || identifier.test(part) ? '{id}' : part.slice(0, partCharsMax)
}
