import type { Metric } from '../watch/metrics.js'

/** What a series had in one minute. */
export interface Sample {
  metric: Metric
  /** Empty: all services together. */
  service: string
  /** Empty: all endpoints of the service together. */
  endpoint: string
  /** The value: events, some of `of`, or milliseconds. */
  value: number
  /** Out of how many it is: events for a ratio, requests for a percentile; 0 for a count. */
  of: number
}

/** The logins of one user from one address in a minute. */
export interface Logins {
  address: string
  network: string
  user: string
  succeeded: number
  failed: number
}

/** An address that asked for more in a minute than people do. */
export interface BusyAddress {
  address: string
  network: string
  /** Where most of its requests went. */
  service: string
  events: number
  /** Refused and missing ones among them: 403 and 404. */
  refused: number
  /** Hashes of the different paths that it asked for, and of those that were refused. */
  paths: readonly number[]
  refusedPaths: readonly number[]
}

/** A session that was seen with more than one agent or network: where it was in some minute. */
export interface DividedSession {
  /** That minute, seconds since 1970: not later than the one that it comes with. */
  seconds: number
  session: string
  user: string
  agents: readonly string[]
  networks: readonly string[]
}

/** What an administrator did from one network in a minute. */
export interface Admin {
  user: string
  network: string
  actions: number
}

/** What the detector knows of one closed minute. */
export interface Minute {
  /** Its beginning, seconds since 1970. */
  seconds: number
  samples: readonly Sample[]
  logins: readonly Logins[]
  busy: readonly BusyAddress[]
  divided: readonly DividedSession[]
  admins: readonly Admin[]
}
