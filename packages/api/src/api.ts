import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Protection } from '@pulsehouse/events'
import type { ApiKey, Clickhouse, KeyStore, Logger, MuteStore, NatsLink } from '@pulsehouse/platform'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { RequestIdVariables } from 'hono/request-id'
import type { RateLimit } from './access/rate-limit.js'
import type { LiveFeed } from './incidents/live-feed.js'
import type { Intake } from './intake/intake.js'
import type { Cursors } from './parameters/cursor.js'
import type { QueryRun } from './query/named-query.js'
import type { History } from './stats/history.js'
import type { Tail } from './tail/tail.js'

/** What the API works with. */
export interface ApiParts {
  clickhouse: Clickhouse
  nats: NatsLink
  /** Turns users and addresses that are given in clear into what is stored. */
  protection: Protection
  cursors: Cursors
  /** Who may ask, and what. */
  keys: KeyStore
  /** Readers of events as they arrive. */
  tail: Tail
  /** Readers of incidents as they change. */
  incidents: LiveFeed
  /** What nobody is told of for a while. */
  mutes: MuteStore
  /** Takes events over HTTP. */
  intake: Intake
  /** How far back what is kept reaches. */
  history: History
  /** How much each key may ask. */
  rateLimit: RateLimit
  log: Logger
  /** Number of the newest migration that this code knows. */
  schemaVersion: number
  /** Origins whose pages may read the API; none by default. */
  corsOrigins: readonly string[]
  /** Where Superset is, for a link on the start page. */
  supersetUrl?: string | undefined
  /** A query may take this long, milliseconds. */
  queryTimeLimitMs: number
  /** The clock, milliseconds since 1970. */
  nowMs: () => number
}

/** What a request carries: Node's own objects behind a server (none in a test), its id, and whose it is. */
export interface ApiEnv {
  Bindings: Partial<HttpBindings>
  Variables: RequestIdVariables & { key?: ApiKey }
}

/** The application that routes are added to. */
export type Api = OpenAPIHono<ApiEnv>

/** How a route's queries run: within the time limit, and no longer than the client waits. */
export function runOf(parts: ApiParts, context: Context): QueryRun {
  const { clickhouse, queryTimeLimitMs } = parts
  return { clickhouse, timeLimitMs: queryTimeLimitMs, signal: context.req.raw.signal }
}
