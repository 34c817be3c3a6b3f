import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'

/** What a page of another origin may read of an answer's headers. */
const readableHeaders = [
  'X-Request-Id',
  'Server-Timing',
  'ETag',
  'Content-Disposition',
  'Location',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'WWW-Authenticate',
]
const sendableHeaders = ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID', 'X-Request-Id']
/** A browser asks again after this time whether it may, seconds. */
const keptSeconds = 600

/** Lets pages of some origins use the API. They bring their key themselves: cookies play no part here. */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowHeaders: sendableHeaders,
    exposeHeaders: readableHeaders,
    maxAge: keptSeconds,
  })
}
