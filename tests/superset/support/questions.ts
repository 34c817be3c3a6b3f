/** A question that a chart and the API answer. */
export interface Question {
  slug: string
  title: string
  /** Of the API, without the range. */
  path: string
  /** The numbers of the chart's rows. */
  ofChart: (rows: readonly Record<string, unknown>[]) => number[]
  /** The same numbers in the API's answer, in the chart's units. */
  ofApi: (answer: unknown) => number[]
}

type Values = Record<string, number>

/** The one number of a chart: its metric's. */
const only =
  (metric: string) =>
  (rows: readonly Record<string, unknown>[]): number[] =>
    rows.map((row) => Number(row[metric]))

/** One value of a summary. */
const summary =
  (name: string, times = 1) =>
  (answer: unknown): number[] => [((answer as { data: Values }).data[name] ?? Number.NaN) * times]

/** The sum of a value over the steps of a series. */
const sum =
  (name: string) =>
  (answer: unknown): number[] => [
    (answer as { data: Values[] }).data.reduce((total, row) => total + (row[name] ?? Number.NaN), 0),
  ]

const number = (
  slug: string,
  title: string,
  metric: string,
  path: string,
  ofApi: Question['ofApi'],
): Question => ({ slug, title, path, ofChart: only(metric), ofApi })

const stats = '/v1/stats/summary'
const trade = '/v1/commerce/summary'

/** Numbers of every kind of rollup, and a table's. */
export const questions: Question[] = [
  number('performance', 'Errors, %', 'error_percent', stats, summary('error_ratio', 100)),
  number('performance', 'Response time p50', 'p50_ms', stats, summary('response_time_p50')),
  number('performance', 'Response time p95', 'p95_ms', stats, summary('response_time_p95')),
  number('errors', 'Errors', 'error_count', stats, summary('errors')),
  number('errors', 'Server errors', 'server_error_count', `${stats}?status=5xx`, summary('events')),
  number('behaviour', 'Active users', 'different_users', stats, summary('users')),
  number('behaviour', 'Sessions', 'different_sessions', stats, summary('sessions')),
  number('security', 'Failed logins', 'failed_login_count', '/v1/security/logins?step=1h', sum('failed')),
  number('commerce', 'Orders', 'completed_count', trade, summary('checkouts_completed')),
  number('commerce', 'Conversion', 'conversion_percent', trade, summary('conversion', 100)),
  number('commerce', 'Checkout failures', 'failed_percent', trade, summary('failure_ratio', 100)),
  number('commerce', 'Items in a cart', 'cart_size_mean', trade, summary('cart_size_mean')),
  {
    slug: 'performance',
    title: 'Slowest endpoints',
    path: '/v1/stats/top?by=endpoint,service&measures=events,response_time_p95,response_time_p99&limit=100',
    ofChart: (rows) =>
      ofRows(rows, ({ endpoint, service }) => `${String(endpoint)} ${String(service)}`, [
        'requests',
        'p95_ms',
        'p99_ms',
      ]),
    ofApi: (answer) =>
      ofRows(
        (answer as { data: Record<string, unknown>[] }).data,
        ({ endpoint, service }) => `${String(endpoint)} ${String(service)}`,
        ['events', 'response_time_p95', 'response_time_p99'],
      ),
  },
]

/** Numbers of rows, in the order of what the rows are about. */
function ofRows(
  rows: readonly Record<string, unknown>[],
  nameOf: (row: Record<string, unknown>) => string,
  columns: readonly string[],
): number[] {
  return rows
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
    .flatMap((row) => columns.map((column) => Number(row[column])))
}
