import { inResponseTimeSteps } from '@pulsehouse/platform'

/** A measure, as it is read from the events and from their rollups. Both call the table `t`. */
interface Measure {
  /** Over rows of `logs`. */
  raw: string
  /** Columns of `logs` that it needs. */
  rawColumns: readonly string[]
  /** Over rows of a rollup. */
  rolledUp: string
  /** Columns of a rollup that it needs. */
  columns: readonly string[]
  /** What it is where nothing happened: a count is 0 then, a ratio or a time is not known. */
  empty: 0 | null
  description: string
}

const count = (raw: string, rawColumns: readonly string[], column: string, description: string): Measure => ({
  raw,
  rawColumns,
  rolledUp: `sum(t.${column})`,
  columns: [column],
  empty: 0,
  description,
})

const mean = (column: string, description: string): Measure => ({
  raw: `avg(toFloat64(t.${column}))`,
  rawColumns: [column],
  rolledUp: `sum(t.${column}_sum) / nullIf(sum(t.${column}_count), 0)`,
  columns: [`${column}_sum`, `${column}_count`],
  empty: null,
  description: `${description}, milliseconds; null where it was not measured.`,
})

const levels = '(0.5, 0.9, 0.95, 0.99)'

/** The same sketch over the events and over the rollups, so that both give the same value. */
const quantile = (index: number, description: string): Measure => ({
  // Where no event had a response time there is none to report: the state of nothing would say 0 or NaN.
  raw: `if(count(t.response_time) = 0, NULL, quantilesBFloat16${levels}(${inResponseTimeSteps('t.response_time')})[${index}])`,
  rawColumns: ['response_time'],
  rolledUp: `if(sum(t.response_time_count) = 0, NULL, quantilesBFloat16Merge${levels}(t.response_time_quantiles)[${index}])`,
  columns: ['response_time_count', 'response_time_quantiles'],
  empty: null,
  description: `${description} of the response time, milliseconds, within 2 %; null where it was not measured.`,
})

const people = (name: 'users' | 'sessions', column: string, description: string): Measure => ({
  raw: `uniq(nullIf(t.${column}, ''))`,
  rawColumns: [column],
  rolledUp: `uniqMerge(t.${name})`,
  columns: [name],
  empty: 0,
  description: `${description}; an estimate above some ten thousand.`,
})

/** What statistics can measure. */
export const measures = {
  events: count('count()', [], 'events', 'Events.'),
  errors: count(`countIf(t.level = 'ERROR')`, ['level'], 'errors', 'Events of level ERROR.'),
  error_ratio: {
    raw: `countIf(t.level = 'ERROR') / nullIf(count(), 0)`,
    rawColumns: ['level'],
    rolledUp: 'sum(t.errors) / nullIf(sum(t.events), 0)',
    columns: ['errors', 'events'],
    empty: null,
    description: 'Errors by events, 0 to 1.',
  },
  response_time_mean: mean('response_time', 'Mean of the response time'),
  response_time_p50: quantile(1, 'Median'),
  response_time_p90: quantile(2, '90th percentile'),
  response_time_p95: quantile(3, '95th percentile'),
  response_time_p99: quantile(4, '99th percentile'),
  response_time_max: {
    raw: 'max(t.response_time)',
    rawColumns: ['response_time'],
    rolledUp: 'if(sum(t.response_time_count) = 0, NULL, max(t.response_time_max))',
    columns: ['response_time_count', 'response_time_max'],
    empty: null,
    description: 'Longest response time, milliseconds; null where it was not measured.',
  },
  db_query_time_mean: mean('db_query_time', 'Mean of the time in the database'),
  server_processing_time_mean: mean('server_processing_time', 'Mean of the time in the server'),
  network_latency_mean: mean('network_latency', 'Mean of the time on the network'),
  users: people('users', 'user_id', 'Different users'),
  sessions: people('sessions', 'session_id', 'Different sessions'),
} as const satisfies Record<string, Measure>

/** Whether a measure is read from sketches, of which a row of a rollup holds some KB. */
export function isSketch({ rolledUp }: Measure): boolean {
  return rolledUp.includes('Merge')
}

/** What can be measured. */
export type MeasureName = keyof typeof measures

/** What can be measured. */
export const measureNames = Object.keys(measures) as [MeasureName, ...MeasureName[]]

/** What a measure is where nothing happened. */
export function emptyOf(name: MeasureName): 0 | null {
  return measures[name].empty
}
