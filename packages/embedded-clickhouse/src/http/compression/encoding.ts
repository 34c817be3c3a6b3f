import { exception } from '../errors.js'

/** A compression of HTTP bodies, by its name in Content-Encoding. */
export type Encoding = 'zstd' | 'br' | 'lz4' | 'gzip' | 'deflate'

/** The server's own order: what comes first is taken when a client takes several. */
const byPreference: readonly Encoding[] = ['zstd', 'br', 'lz4', 'gzip', 'deflate']

/** Names that the server takes as well. */
const aliases: ReadonlyMap<string, Encoding> = new Map([
  ['gz', 'gzip'],
  ['x-gzip', 'gzip'],
  ['brotli', 'br'],
  ['zst', 'zstd'],
])

/**
 * How a request's body is compressed; undefined when it is not.
 *
 * @param header its Content-Encoding.
 * @throws {ClickhouseError} 89 for what this server does not know, and for several compressions one upon the other.
 */
export function encodingOfBody(header: string | undefined): Encoding | undefined {
  const name = (header ?? '').trim().toLowerCase()
  if (['', 'identity', 'none', 'auto'].includes(name)) return undefined
  const encoding = byPreference.find((known) => known === name) ?? aliases.get(name)
  if (encoding !== undefined) return encoding
  throw exception(
    89,
    'UNKNOWN_COMPRESSION_METHOD',
    `Unknown compression method: ${name}; this server knows ${byPreference.join(', ')}`,
    415,
  )
}

/**
 * How a reply is to be compressed; undefined when the client takes none that this server knows. Weights don't
 * matter, as on the server, except that nothing is sent that has the weight 0.
 *
 * @param header the request's Accept-Encoding.
 */
export function encodingOfReply(header: string | undefined): Encoding | undefined {
  const accepted = new Set(
    (header ?? '')
      .toLowerCase()
      .split(',')
      .map((entry) => entry.split(';').map((part) => part.trim()))
      .filter(([, ...parameters]) => !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter)))
      .map(([name]) => name),
  )
  return byPreference.find((encoding) => accepted.has(encoding))
}
