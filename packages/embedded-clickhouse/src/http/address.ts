import { exception } from './errors.js'

/** What a request asks for, without the name of the host. */
export interface Address {
  path: string
  /** What stands behind the question mark, as it was sent. */
  search: string
}

/** Cuts the target of a request, in either form that HTTP has: `/path?a=b` and `http://host/path?a=b`. */
export function addressOf(target: string | undefined): Address {
  const [, path = '/', search = ''] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(target ?? '/') ?? []
  return { path: path === '' ? '/' : path, search }
}

/**
 * Decodes parameters. Unlike `URLSearchParams` it takes nothing for something else: what would be replaced or
 * left as it is there is refused.
 *
 * @throws {ClickhouseError} 36 for an escape that is none, and for escaped bytes that are no UTF-8.
 */
export function parametersOf(search: string): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const pair of search.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals < 0 ? pair : pair.slice(0, equals)
    parameters.append(decode(name), equals < 0 ? '' : decode(pair.slice(equals + 1)))
  }
  return parameters
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw exception(
      36,
      'BAD_ARGUMENTS',
      `The address has a bad escape in ${JSON.stringify(text.slice(0, shownCharacters))}: write %XX for each byte of UTF-8, and %25 for %`,
    )
  }
}

const shownCharacters = 60
