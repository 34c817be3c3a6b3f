import { defineDataset, formats } from '../dataset.js'

/** Tables whose events must add up to those of logs, and what they call their sum. */
const rollups = [
  { table: 'stats_by_minute', column: 'in_stats' },
  { table: 'services_by_minute', column: 'in_services' },
  { table: 'totals_by_minute', column: 'in_totals' },
  { table: 'facets_by_minute', column: 'in_facets', condition: "facet = 'server' AND " },
] as const

const columns = ['in_logs', ...rollups.map(({ column }) => column)]
const only = (name: string, value: string): string =>
  columns.map((column) => `${column === name ? value : '0'} AS ${column}`).join(', ')
const since = 'toStartOfHour(now() - INTERVAL 23 HOUR)'
/** The minute that runs is left out: a view's rows are there a moment later than the table's. */
const until = 'toStartOfMinute(now() - INTERVAL 15 SECOND)'

const arms = [
  `SELECT toStartOfHour(timestamp) AS clock_hour, ${only('in_logs', 'count()')} FROM pulsehouse.logs
WHERE timestamp >= ${since} AND timestamp < ${until} GROUP BY clock_hour`,
  ...rollups.map(
    (
      rollup,
    ) => `SELECT toStartOfHour(minute) AS clock_hour, ${only(rollup.column, 'sum(events)')} FROM pulsehouse.${rollup.table}
WHERE ${'condition' in rollup ? rollup.condition : ''}minute >= ${since} AND minute < ${until} GROUP BY clock_hour`,
  ),
  `SELECT toStartOfHour(now()) AS clock_hour, ${only('', '0')}`,
]

const sumOf = (label: string, column: string) => ({
  label,
  sql: `sum(${column})`,
  format: formats.count,
  description: `Events of the hour by ${label}.`,
})

/** The events of the last 24 hours, as the raw table has them and as the rollups sum them. */
export const accounting = defineDataset({
  name: 'accounting',
  description:
    'Events of each of the last 24 hours in logs and in the rollups, without the minute that runs: all must be the same.',
  sql: arms.join('\nUNION ALL\n'),
  columns: { clock_hour: { label: 'Hour', type: 'DateTime' } },
  metrics: {
    log_rows: sumOf('logs', 'in_logs'),
    stats_events: sumOf('stats_by_minute', 'in_stats'),
    services_events: sumOf('services_by_minute', 'in_services'),
    totals_events: sumOf('totals_by_minute', 'in_totals'),
    facets_events: sumOf('facets_by_minute', 'in_facets'),
    newest_hour: { label: 'Newest hour', sql: 'max(clock_hour)', format: '', description: 'To sort by.' },
    difference: {
      label: 'Difference',
      sql: `arrayMax([${rollups.map(({ column }) => `abs(toInt64(sum(in_logs)) - toInt64(sum(${column})))`).join(', ')}])`,
      format: formats.count,
      description: 'The largest difference between a rollup and the events themselves: must be 0.',
    },
  },
})
