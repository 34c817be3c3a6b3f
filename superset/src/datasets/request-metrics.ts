import { formats, type Metric } from '../dataset.js'

const percentile = (index: number): string =>
  `if(sum(response_time_count) = 0, NULL, quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(response_time_quantiles)[${index}])`

const mean = (column: string): string => `sum(${column}_sum) / nullIf(sum(${column}_count), 0)`

/** Metrics of every rollup of requests by minute. A ratio or a time of nothing is NULL: unknown is not zero. */
export const requestMetrics = {
  requests: {
    label: 'Requests',
    sql: 'sum(events)',
    format: formats.short,
    description: 'Events: one is one request, or one line of a logger.',
  },
  requests_per_s: {
    label: 'Requests/s',
    sql: 'sum(events) / greatest(least(toUnixTimestamp(max(minute)) + 60, toUnixTimestamp(now())) - toUnixTimestamp(min(minute)), 1)',
    format: formats.rate,
    description:
      'Mean from the first minute with requests to the end of the last one, or to now where that still runs.',
  },
  error_count: {
    label: 'Errors',
    sql: 'sum(errors)',
    format: formats.short,
    description: 'Events of level ERROR.',
  },
  error_percent: {
    label: 'Errors, %',
    sql: '100 * sum(errors) / nullIf(sum(events), 0)',
    format: formats.percent,
    description: 'Errors by requests.',
  },
  p50_ms: {
    label: 'p50, ms',
    sql: percentile(1),
    format: formats.ms,
    description: 'Median of the response time, within 2 %; states are merged, nothing is averaged.',
  },
  p95_ms: {
    label: 'p95, ms',
    sql: percentile(3),
    format: formats.ms,
    description: '95th percentile of the response time, within 2 %.',
  },
  p99_ms: {
    label: 'p99, ms',
    sql: percentile(4),
    format: formats.ms,
    description: '99th percentile of the response time, within 2 %.',
  },
  longest_ms: {
    label: 'Longest, ms',
    sql: 'max(response_time_max)',
    format: formats.ms,
    description: 'The slowest single answer.',
  },
  total_s: {
    label: 'Time spent, s',
    sql: 'sum(response_time_sum) / 1000',
    format: formats.seconds,
    description: 'All response times together: many quick answers cost as much as a few slow ones.',
  },
  db_ms: {
    label: 'Database, ms',
    sql: mean('db_query_time'),
    format: formats.ms,
    description: 'Mean time in the database of the requests that tell it.',
  },
  server_ms: {
    label: 'Server, ms',
    sql: mean('server_processing_time'),
    format: formats.ms,
    description: 'Mean time in the server of the requests that tell it.',
  },
  network_ms: {
    label: 'Network, ms',
    sql: mean('network_latency'),
    format: formats.ms,
    description: 'Mean time on the network of the requests that tell it.',
  },
} as const satisfies Record<string, Metric>
