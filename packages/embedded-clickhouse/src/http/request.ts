import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { authenticate, type Credentials, type User } from '../access/users.js'
import { exception } from './errors.js'
import { limits } from '../limits.js'
import type { SessionRequest } from './sessions.js'

/** What a request says besides its body. */
export interface QueryRequest {
  /** The `query` parameter; the body follows it after a line end. */
  text: string
  queryId: string
  database: string | undefined
  /** The format of the result unless the statement names one. */
  format: string
  settings: (readonly [name: string, value: string])[]
  params: (readonly [name: string, value: string])[]
  /** The roles to take for this query. */
  roles: readonly string[]
  /** Who asks. */
  user: User
  session: SessionRequest | undefined
  /** GET and HEAD may not write. */
  readOnly: boolean
  /** Hold the result back as far as memory allows, so that an error gets its status. */
  waitForEnd: boolean
  /** How the reply is compressed. */
  encoding: ReplyEncoding | undefined
}

/** A compression that Node has of its own. */
export type ReplyEncoding = 'gzip' | 'br' | 'deflate'

/** Parameters of the HTTP interface itself, which are no settings of the engine. */
const ownParameters = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'user',
  'password',
  'quota_key',
  'role',
  'client_protocol_version',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'stacktrace',
])

/**
 * Reads address and headers.
 *
 * @throws {ClickhouseError} for a wrong user, a bad session time-out, or what this server can't do.
 */
export function readRequest(
  request: IncomingMessage,
  parameters: URLSearchParams,
  users: readonly User[],
): QueryRequest {
  const user = authenticate(users, credentialsOf(request, parameters))
  for (const name of ['compress', 'decompress'])
    if (isOn(parameters.get(name)))
      throw exception(48, 'NOT_IMPLEMENTED', `${name}=1 is not supported here; use Content-Encoding instead`)
  if (headerOf(request, 'content-type')?.startsWith('multipart/form-data') === true)
    throw exception(779, 'UNSUPPORTED_MEDIA_TYPE', 'multipart/form-data is not supported here')
  const all = [...parameters]
  return {
    text: parameters.get('query') ?? '',
    queryId: parameters.get('query_id') || headerOf(request, 'x-clickhouse-query-id') || randomUUID(),
    database: parameters.get('database') || headerOf(request, 'x-clickhouse-database') || undefined,
    format: parameters.get('default_format') || headerOf(request, 'x-clickhouse-format') || 'TabSeparated',
    settings: all.filter(([name]) => !ownParameters.has(name) && !name.startsWith('param_')),
    params: all
      .filter(([name]) => name.startsWith('param_'))
      .map(([name, value]) => [name.slice('param_'.length), value] as const),
    roles: rolesOf(parameters, user),
    user,
    session: sessionOf(parameters, user),
    readOnly: request.method !== 'POST',
    waitForEnd: isOn(parameters.get('wait_end_of_query')),
    encoding: isOn(parameters.get('enable_http_compression')) ? encodingOf(request) : undefined,
  }
}

function sessionOf(parameters: URLSearchParams, user: User): SessionRequest | undefined {
  const id = parameters.get('session_id')
  if (id === null || id === '') return undefined
  const timeoutS = Number(parameters.get('session_timeout') ?? 60)
  if (!Number.isInteger(timeoutS) || timeoutS < 0 || timeoutS > limits.sessionTimeoutMaxS)
    throw exception(
      374,
      'INVALID_SESSION_TIMEOUT',
      `Session timeout must be a whole number of seconds up to ${limits.sessionTimeoutMaxS}`,
    )
  return {
    id,
    key: `${user.name}\0${id}`,
    timeoutS,
    check: isOn(parameters.get('session_check')),
    close: isOn(parameters.get('close_session')),
  }
}

/** Who the request says that it is from: parameters before headers, as on a server. */
function credentialsOf(request: IncomingMessage, parameters: URLSearchParams): Credentials {
  const [basicUser, basicPassword] = basicOf(request)
  const user = parameters.get('user') ?? headerOf(request, 'x-clickhouse-user') ?? basicUser
  const password = parameters.get('password') ?? headerOf(request, 'x-clickhouse-key') ?? basicPassword
  return { user: user || 'default', password: password ?? '' }
}

/** A viewer has one role; the administrator may take any that the engine knows. */
function rolesOf(parameters: URLSearchParams, user: User): readonly string[] {
  const roles = parameters.getAll('role')
  const foreign = user.role === 'viewer' ? roles.find((role) => role !== 'viewer') : undefined
  if (foreign === undefined) return roles
  throw exception(512, 'SET_NON_GRANTED_ROLE', `Role ${foreign} should be granted to set as a current.`)
}

function basicOf(request: IncomingMessage): [user: string | undefined, password: string | undefined] {
  const encoded = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return [undefined, undefined]
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)]
}

function encodingOf(request: IncomingMessage): ReplyEncoding | undefined {
  const accepted = (headerOf(request, 'accept-encoding') ?? '').split(/[\s,;]+/)
  return (['gzip', 'br', 'deflate'] as const).find((encoding) => accepted.includes(encoding))
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function isOn(value: string | null): boolean {
  return value === '1' || value === 'true'
}
