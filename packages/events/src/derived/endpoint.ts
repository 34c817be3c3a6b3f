/** A part of a path that is a number or an identifier, not a name. */
const identifier =
  /^(?:\d[\d,.:_-]*|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=.*\d)[\da-f]{8,}|[a-z]{1,16}[_-]\d+|(?:user|ip)_[a-z2-7]{16}|(?=(?:.*\d){3})[\w~-]{20,}|[^/@]+@[^/@]+)$/i

/** Paths longer than this many parts are cut: scanners would fill the rollup with them. */
const partsMax = 8
const partCharsMax = 64

const remembered = new Map<string, string>()
const rememberedMax = 20_000

/**
 * The endpoint that an address belongs to: its path with numbers and ids folded, without host, query and fragment.
 * `/products/123?ref=7` and `https://shop.example/products/9` are both `/products/{id}`.
 */
export function endpointOf(url: string): string {
  const known = remembered.get(url)
  if (known !== undefined) return known
  if (remembered.size >= rememberedMax) remembered.clear()
  const endpoint = fold(url)
  remembered.set(url, endpoint)
  return endpoint
}

function fold(url: string): string {
  const path = url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  const parts = path.split('/').filter((part) => part !== '')
  const folded = parts
    .slice(0, partsMax)
    .map((part) => (identifier.test(part) ? '{id}' : part.slice(0, partCharsMax)))
  if (parts.length > partsMax) folded.push('…')
  // Without a slash in front it is no path: `*` of OPTIONS, `host:443` of CONNECT.
  return path.startsWith('/') || path === '' ? `/${folded.join('/')}` : folded.join('/')
}
