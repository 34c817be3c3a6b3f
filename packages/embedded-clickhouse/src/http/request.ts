import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { authenticate, type User } from '../access/users.js'
import { encodingOfReply, type Encoding } from './compression/encoding.js'
import { credentialsOf } from './credentials.js'
import { exception } from './errors.js'
import { isFormatName } from './formats.js'
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
  settings: readonly (readonly [name: string, value: string])[]
  params: readonly (readonly [name: string, value: string])[]
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
  encoding: Encoding | undefined
}

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
  const all = [...parameters]
  return {
    text: parameters.get('query') ?? '',
    queryId: queryIdOf(request, parameters),
    database: parameters.get('database') || headerOf(request, 'x-clickhouse-database') || undefined,
    format: formatOf(request, parameters),
    settings: settingsOf(all),
    params: paramsOf(all),
    roles: rolesOf(parameters, user),
    user,
    session: sessionOf(parameters, user),
    readOnly: request.method !== 'POST',
    waitForEnd: isOn(parameters.get('wait_end_of_query')),
    encoding: isOn(parameters.get('enable_http_compression'))
      ? encodingOfReply(headerOf(request, 'accept-encoding'))
      : undefined,
  }
}

/**
 * Adds the fields of a form. As on the server, the address comes first: its `query` stands before the form's,
 * and its parameters and settings hold.
 *
 * @throws {ClickhouseError} 36 for what had to be known before the form was read, as the user.
 */
export function withFields(query: QueryRequest, fields: Pairs): QueryRequest {
  const late = fields.find(([name]) => ownParameters.has(name) && name !== 'query')
  if (late !== undefined)
    throw exception(36, 'BAD_ARGUMENTS', `${late[0]} can't be a field of a form; put it into the address`)
  const texts = fields.filter(([name]) => name === 'query').map(([, value]) => value)
  return {
    ...query,
    text: query.text + texts.join(''),
    settings: firstOfEach([...query.settings, ...settingsOf(fields)]),
    params: firstOfEach([...query.params, ...paramsOf(fields)]),
  }
}

type Pairs = readonly (readonly [name: string, value: string])[]

function settingsOf(all: Pairs): Pairs {
  return all.filter(([name]) => name !== '' && !ownParameters.has(name) && !name.startsWith(paramPrefix))
}

function paramsOf(all: Pairs): Pairs {
  return all
    .filter(([name]) => name.startsWith(paramPrefix))
    .map(([name, value]) => [name.slice(paramPrefix.length), value] as const)
}

const paramPrefix = 'param_'

function firstOfEach(pairs: Pairs): Pairs {
  return pairs.filter(([name], at) => pairs.findIndex(([other]) => other === name) === at)
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

/** A viewer has one role; the administrator may take any that the engine knows. */
function rolesOf(parameters: URLSearchParams, user: User): readonly string[] {
  const roles = parameters.getAll('role')
  const foreign = user.role === 'viewer' ? roles.find((role) => role !== 'viewer') : undefined
  if (foreign === undefined) return roles
  throw exception(512, 'SET_NON_GRANTED_ROLE', `Role ${foreign} should be granted to set as a current.`)
}

/** It goes into a header of the reply. As on the server, control characters are left out. */
function queryIdOf(request: IncomingMessage, parameters: URLSearchParams): string {
  const asked = parameters.get('query_id') || headerOf(request, 'x-clickhouse-query-id') || ''
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  const id = asked.replaceAll(/[\u0000-\u001f\u007f]/g, '')
  if (/[^\u0020-\u007e]/.test(id) || id.length > limits.queryIdCharacters)
    throw exception(
      36,
      'BAD_ARGUMENTS',
      `A query id may have ${limits.queryIdCharacters} characters, all of them ASCII`,
    )
  return id || randomUUID()
}

function formatOf(request: IncomingMessage, parameters: URLSearchParams): string {
  const format =
    parameters.get('default_format') || headerOf(request, 'x-clickhouse-format') || 'TabSeparated'
  if (isFormatName(format)) return format
  throw exception(73, 'UNKNOWN_FORMAT', `Unknown format ${JSON.stringify(format.slice(0, 64))}`)
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function isOn(value: string | null): boolean {
  return value === '1' || value === 'true'
}
