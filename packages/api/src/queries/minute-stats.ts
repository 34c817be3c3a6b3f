import { z } from '@hono/zod-openapi'
import { andGiven, sharedConditions, sharedFilters } from './conditions.js'
import type { NamedQuery } from './named-query.js'

/** What statistics can be grouped by, and the columns that stand for it. */
const groups = {
  service: { column: 'service', absent: `''` },
  endpoint: { column: 'endpoint', absent: `''` },
  method: { column: 'http_method', absent: `''` },
  status: { column: 'status_code', absent: '0' },
  action: { column: 'action', absent: `''` },
} as const

/** What statistics can be grouped by. */
export type GroupName = keyof typeof groups

/** What statistics can be grouped by. */
export const groupNames = ['service', 'endpoint', 'method', 'status', 'action'] as const satisfies GroupName[]

const mean = (measure: string): string => `sum(t.${measure}_sum) / nullIf(sum(t.${measure}_count), 0)`
/** Where no event had a response time there is none to report: the state of nothing would say 0 or NaN. */
const whereMeasured = (value: string): string => `if(sum(t.response_time_count) = 0, NULL, ${value})`
const quantile = (index: number): string =>
  whereMeasured(`quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(t.response_time_quantiles)[${index}]`)

/** Measures and how they are read from the rollup; times are in milliseconds. */
const measures = {
  events: 'sum(t.events)',
  errors: 'sum(t.errors)',
  error_ratio: 'sum(t.errors) / sum(t.events)',
  response_time_mean: mean('response_time'),
  response_time_p50: quantile(1),
  response_time_p90: quantile(2),
  response_time_p95: quantile(3),
  response_time_p99: quantile(4),
  response_time_max: whereMeasured('max(t.response_time_max)'),
  db_query_time_mean: mean('db_query_time'),
  server_processing_time_mean: mean('server_processing_time'),
  network_latency_mean: mean('network_latency'),
  users: 'uniqMerge(t.users)',
  sessions: 'uniqMerge(t.sessions)',
} as const

/** What can be measured. */
export type MeasureName = keyof typeof measures

/** What can be measured. */
export const measureNames = Object.keys(measures) as [MeasureName, ...MeasureName[]]

const parameters = z.strictObject({
  from_seconds: z.int(),
  to_seconds: z.int(),
  step_seconds: z.int().positive(),
  rows_max: z.int(),
  group_by: z.array(z.enum(groupNames)),
  measures: z.array(z.enum(measureNames)).min(1),
  ...sharedFilters,
})

/** What the statistics take; a filter that is absent does not filter. */
export type MinuteStatsParameters = z.infer<typeof parameters>

const count = z.int().optional()
const number = z.number().optional()
const latency = z.number().nullable().optional()

const row = z.object({
  time_seconds: z.int(),
  service: z.string().nullable().optional(),
  endpoint: z.string().nullable().optional(),
  method: z.string().nullable().optional(),
  status: z.int().nullable().optional(),
  action: z.string().nullable().optional(),
  events: count,
  errors: count,
  error_ratio: number,
  response_time_mean: latency,
  response_time_p50: latency,
  response_time_p90: latency,
  response_time_p95: latency,
  response_time_p99: latency,
  response_time_max: latency,
  db_query_time_mean: latency,
  server_processing_time_mean: latency,
  network_latency_mean: latency,
  users: count,
  sessions: count,
} satisfies Record<'time_seconds' | GroupName | MeasureName, z.ZodType>)

/** A row of the statistics, with the groups and measures that were asked for. */
export type MinuteStatsRow = z.infer<typeof row>

function selectionOf({ group_by, measures: wanted }: MinuteStatsParameters): string {
  return [
    'intDiv(toUnixTimestamp(t.minute), {step_seconds:UInt32}) * {step_seconds:UInt32} AS time_seconds',
    ...group_by.map((name) => `nullIf(t.${groups[name].column}, ${groups[name].absent}) AS ${name}`),
    ...wanted.map((name) => `${measures[name]} AS ${name}`),
  ].join(',\n  ')
}

/**
 * Counts, latencies, users and sessions of each step of time, from the rollup by minute. Steps in which nothing
 * happened have no row.
 */
export const minuteStats: NamedQuery<MinuteStatsParameters, MinuteStatsRow> = {
  name: 'minute_stats',
  parameters,
  row,
  sql: (given) => {
    const keys = ['time_seconds', ...given.group_by.map((name) => `t.${groups[name].column}`)].join(', ')
    return `SELECT
  ${selectionOf(given)}
FROM stats_by_minute AS t
WHERE t.minute >= toDateTime({from_seconds:UInt32}, 'UTC')
  AND t.minute < toDateTime({to_seconds:UInt32}, 'UTC')${andGiven(sharedConditions, given)}
GROUP BY ${keys}
ORDER BY ${keys}
LIMIT {rows_max:UInt32}`
  },
}
