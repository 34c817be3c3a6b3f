import type { IncomingMessage } from 'node:http'
import type { LoggedQuery } from '../query-log/query-log.js'
import type { QueryRequest } from './request.js'

/** What the query log is told of a request. */
export function loggedQueryOf(
  request: IncomingMessage,
  query: QueryRequest,
  sql: string,
  kind: string,
  hasSecrets: boolean,
): LoggedQuery {
  return {
    queryId: query.queryId,
    user: query.user.name,
    sql,
    kind,
    hasSecrets,
    database: query.database ?? 'default',
    address: request.socket.remoteAddress ?? '::',
    port: request.socket.remotePort ?? 0,
    method: request.method ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    settings: query.settings,
  }
}
