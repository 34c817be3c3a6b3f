/** Limits of the live stream of incidents. */
export const liveLimits = {
  /** Readers at a time, in one process of the API. */
  readersMax: 128,
  /** How often ClickHouse is asked for what is new while somebody listens, milliseconds. */
  pollEveryMs: 2_000,
  /** One such question may take this long, milliseconds. */
  pollTimeLimitMs: 10_000,
  /** Changes that one question brings at the most; the next one goes on behind them. */
  pageMax: 500,
  /** Changes that may wait for one reader: whoever is further behind is dropped. */
  waitingMax: 2_000,
  /** A reader that was sent nothing for so long is sent a comment, milliseconds. */
  heartbeatMs: 15_000,
  /** A reader that takes nothing for so long is cut off, milliseconds. */
  cutOffMs: 30_000,
  /** Clients wait for so long before they connect again, milliseconds. */
  retryMs: 1_000,
} as const

/** Limits of the live stream, as a test may change them. */
export type LiveLimits = { readonly [Name in keyof typeof liveLimits]: number }
