/** How values of a metric vary, and so how a deviation is measured: docs/detection.md. */
export type Nature =
  /** Events a minute: their square root varies alike at every rate. */
  | 'count'
  /** Some of many: as a count, against what the many lead to expect. */
  | 'ratio'
  /** A percentile of a time: its logarithm, the surer the more requests it is made of. */
  | 'level'

/** What is watched, by its name in rules and tables. */
export const metrics = {
  events: { nature: 'count', unit: 'events/min', says: 'events a minute' },
  server_error_ratio: {
    nature: 'ratio',
    unit: 'ratio',
    says: 'of the events failed with a status of 500 or above',
  },
  response_time_p50: { nature: 'level', unit: 'ms', says: 'median response time' },
  response_time_p95: { nature: 'level', unit: 'ms', says: '95th percentile of the response time' },
  checkout_failure_ratio: { nature: 'ratio', unit: 'ratio', says: 'of the orders failed' },
  users_failing_ratio: { nature: 'ratio', unit: 'ratio', says: 'of the events are users whose login failed' },
  outlying_carts_ratio: {
    nature: 'ratio',
    unit: 'ratio',
    says: 'of the events are sessions with an outlying cart',
  },
} as const satisfies Record<string, { nature: Nature; unit: string; says: string }>

/** A metric's name. */
export type Metric = keyof typeof metrics

/** The metrics' names. */
export const metricNames = Object.keys(metrics) as [Metric, ...Metric[]]
