/** A value that a dataset can compute over any of its rows. */
export interface Metric {
  /** What readers see, with the unit last. */
  label: string
  /** An aggregate over columns of the dataset. It may not be named as one of them. */
  sql: string
  /** How it is written, a d3 format. */
  format: string
  /** What it means, for who builds charts on it. */
  description: string
}

/** A column to group and filter by. */
export interface Column {
  label: string
  /** As ClickHouse names it; `String` unless it is said. */
  type?: string
  /** What it is computed from, where the table has no such column. */
  sql?: string
}

/** What charts are drawn from: a table, or a SELECT, with its metrics defined once. */
export interface Dataset<M extends string = string, C extends string = string> {
  /** Of the table, or of the virtual dataset. */
  name: string
  description: string
  /** The SELECT of a virtual dataset. */
  sql?: string
  /**
   * The expression by which rows lie in time. Charts see it as the column `time`: Superset's truncation of a column
   * bears the column's own name, and ClickHouse would put the truncated time into WHERE.
   */
  time?: string
  columns: Record<C, Column>
  metrics: Record<M, Metric>
}

/** Names of a dataset's metrics. */
export type MetricOf<D> = D extends Dataset<infer M> ? M : never

/** Names of a dataset's columns. */
export type ColumnOf<D> = D extends Dataset<string, infer C> ? C : never

/** States a dataset so that the names of its metrics and columns are known to the charts on it. */
export function defineDataset<const M extends string, const C extends string>(
  dataset: Dataset<M, C>,
): Dataset<M, C> {
  return dataset
}

/** A format as it is on an axis, where zeros at the end say nothing. */
export const onAxis = (format: string | undefined): string | undefined => format?.replace(/(?<!~)f$/, '~f')

/** Formats of numbers, the same for the same kind of number everywhere. */
export const formats = {
  count: ',d',
  /** 12,345 as 12.3k. */
  short: '.3~s',
  rate: ',.1f',
  percent: '.2f',
  ms: ',.0f',
  seconds: ',.1f',
  bytes: '.3~s',
} as const
