import type { IncomingMessage } from 'node:http'
import type { Credentials } from '../access/users.js'
import { exception } from './errors.js'

/**
 * Reads the name and the password of a request from its parameters, its own headers or Basic authorization,
 * whichever comes first; the user is `default` and the password empty unless it says so.
 *
 * @throws {ClickhouseError} 516 for an Authorization header that can't be read.
 */
export function credentialsOf(request: IncomingMessage, parameters: URLSearchParams): Credentials {
  const basic = basicOf(request.headers.authorization)
  const user = parameters.get('user') ?? headerOf(request, 'x-clickhouse-user') ?? basic?.user
  const password = parameters.get('password') ?? headerOf(request, 'x-clickhouse-key') ?? basic?.password
  return { user: user || 'default', password: password ?? '' }
}

function basicOf(header: string | undefined): Credentials | undefined {
  if (header === undefined) return undefined
  const [, scheme = '', encoded = ''] = /^(\S*)\s*(.*)$/s.exec(header) ?? []
  if (scheme.toLowerCase() !== 'basic')
    throw refused(`'${scheme}' HTTP Authorization scheme is not supported; use Basic`)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) throw refused('the Authorization header is no base64')
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0
    ? { user: text, password: '' }
    : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

function refused(why: string): Error {
  return exception(516, 'AUTHENTICATION_FAILED', `Invalid authentication: ${why}`)
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
