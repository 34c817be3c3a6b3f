import type { MiddlewareHandler } from 'hono'
import type { ApiEnv, ApiParts } from '../api.js'
import { Problem } from '../http/problem.js'

/** How much each key may ask. */
export interface RateLimit {
  /** Requests a second in the long run; 0 is no limit. */
  perSecond: number
  /** Requests that may come at once after a pause. */
  burst: number
}

/** What is left of a key's requests, at a moment. */
interface Bucket {
  left: number
  atMs: number
}

/** Full buckets are forgotten when there are more than so many: they are as good as none. */
const bucketsMax = 1_000

/**
 * Holds every key to its rate with a bucket that refills at the limit. It is kept in memory: each process of the API
 * counts by itself. Every answer says what is left (draft-ietf-httpapi-ratelimit-headers).
 */
export function limitRate({
  rateLimit: { perSecond, burst },
  nowMs,
}: Pick<ApiParts, 'rateLimit' | 'nowMs'>): MiddlewareHandler<ApiEnv> {
  const buckets = new Map<string, Bucket>()
  const refilled = ({ left, atMs }: Bucket, now: number): number =>
    Math.min(burst, left + (Math.max(now - atMs, 0) / 1000) * perSecond)
  const forgetFull = (now: number): void => {
    for (const [id, bucket] of buckets) if (refilled(bucket, now) >= burst) buckets.delete(id)
  }
  return async (context, next) => {
    const id = context.get('key')?.id
    if (id === undefined || perSecond === 0) return await next()
    const now = nowMs()
    if (buckets.size > bucketsMax) forgetFull(now)
    const before = refilled(buckets.get(id) ?? { left: burst, atMs: now }, now)
    const passes = before >= 1
    const left = passes ? before - 1 : before
    buckets.set(id, { left, atMs: now })
    const headers = {
      'RateLimit-Policy': `"key";q=${burst};w=${Math.ceil(burst / perSecond)}`,
      RateLimit: `"key";r=${Math.floor(left)};t=${Math.ceil((burst - left) / perSecond)}`,
    }
    if (!passes) throw tooMany(perSecond, (1 - before) / perSecond, headers)
    await next()
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value)
  }
}

function tooMany(perSecond: number, waitSeconds: number, headers: Record<string, string>): Problem {
  const retryAfter = Math.max(Math.ceil(waitSeconds), 1)
  return new Problem(
    'rate-limited',
    `This key may ask ${perSecond} times a second: wait ${retryAfter} s, or ask for more at once. --rate-limit of the API changes it.`,
    { headers: { ...headers, 'Retry-After': String(retryAfter) } },
  )
}
