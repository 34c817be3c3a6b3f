import type { MiddlewareHandler } from 'hono'
import type { ApiEnv, ApiParts } from '../api.js'
import { Problem } from '../http/problem.js'

/** How a request must say whose it is. */
const advice =
  'send the header "Authorization: Bearer ph_…"; npm run keys makes keys, and npm start prints one'

/**
 * Finds out whose request it is. It stands before all routes under `/v1/`, those that don't exist included: without a
 * key nothing is said of what there is.
 */
export function authenticate({ keys }: Pick<ApiParts, 'keys'>): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const header = context.req.header('Authorization')
    if (header === undefined) throw missingKey()
    const [, given] = /^Bearer +(\S+) *$/i.exec(header) ?? []
    if (given === undefined) throw unauthorized(`The header Authorization has no API key: ${advice}.`)
    const key = keys.find(given)
    if (key === undefined) {
      throw unauthorized(
        `This API key is unknown: it was mistyped, or revoked. Whoever runs Pulsehouse makes another one with npm run keys.`,
        ', error="invalid_token"',
      )
    }
    context.set('key', key)
    await next()
  }
}

/** The failure of a request without a key. */
export function missingKey(): Problem {
  return unauthorized(`This needs an API key: ${advice}.`)
}

function unauthorized(detail: string, more = ''): Problem {
  return new Problem('unauthorized', detail, {
    headers: { 'WWW-Authenticate': `Bearer realm="pulsehouse"${more}` },
  })
}
