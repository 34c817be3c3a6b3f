import type { Level } from '@pulsehouse/events'
import { piece } from '../lines/byte-writer.js'
import { jsonFragment } from '../lines/fragment.js'

/** How a request ended. */
export interface Outcome {
  level: Level
  statusCode: number
  statusText: string
  detail: string
  /** What the service's logger adds when something broke. */
  message?: string
  /** The same as a piece of JSON. */
  fragment: Uint8Array
}

/** The level follows the status as in the shop application: WARN for 403 and 404, ERROR for 401 and 500. */
function outcome(
  level: Level,
  statusCode: number,
  statusText: string,
  detail: string,
  message?: string,
): Outcome {
  const json = jsonFragment({ level, status_code: statusCode, status_text: statusText, detail, message })
  const fragment = piece(`${json},"response_time":`)
  return { level, statusCode, statusText, detail, fragment, ...(message === undefined ? {} : { message }) }
}

const brokenDetail = 'Server encountered an unexpected condition.'

/** Every way in which the shop's requests end. */
export const outcomes = {
  ok: outcome('INFO', 200, 'OK', 'Request succeeded.'),
  declined: outcome('INFO', 200, 'OK', 'The payment was declined by the card issuer.'),
  created: outcome('INFO', 201, 'Created', 'The request succeeded, and a new resource was created.'),
  noContent: outcome('INFO', 204, 'No Content', 'The server successfully processed the request.'),
  notModified: outcome('INFO', 304, 'Not Modified', 'The cached version is still valid.'),
  unauthorized: outcome('ERROR', 401, 'Unauthorized', 'Authentication is required and has failed.'),
  forbidden: outcome('WARN', 403, 'Forbidden', 'Access to the resource is forbidden.'),
  notFound: outcome('WARN', 404, 'Not Found', 'The requested resource was not found.'),
} as const

/** The ways in which a server breaks; they differ in what its logger says. */
export const serverErrors: readonly Outcome[] = [
  'database pool exhausted after 3000 ms',
  'connect ETIMEDOUT 10.20.9.4:5432',
  "TypeError: Cannot read properties of undefined (reading 'price')",
  'upstream payment gateway closed the connection',
  'deadlock detected, transaction rolled back',
].map((message) => outcome('ERROR', 500, 'Internal Server Error', brokenDetail, message))
