import type { Chart } from './chart.js'
import type { Filter } from './filters.js'

/** Charts beside each other: each with its width of 12 columns. */
export interface Row {
  /** Units of 8 pixels. */
  height: number
  charts: readonly (readonly [width: number, chart: Chart])[]
}

/** A page of charts. */
export interface Dashboard {
  /** The end of its address. */
  slug: string
  title: string
  description: string
  filters: readonly Filter[]
  rows: readonly Row[]
}

/** A row of numbers. */
export const numbers = (...charts: Chart[]): Row => ({
  height: 20,
  charts: charts.map((chart) => [12 / charts.length, chart] as const),
})

/** A row of charts. */
export const charts = (...placed: Row['charts']): Row => ({ height: 40, charts: placed })

/** A row with tables, which want more height. */
export const tables = (...placed: Row['charts']): Row => ({ height: 50, charts: placed })

/** A row for all endpoints. */
export const longTables = (...placed: Row['charts']): Row => ({ height: 72, charts: placed })

/** All charts of a dashboard, in reading order. */
export function chartsOf({ rows }: Dashboard): Chart[] {
  return rows.flatMap((row) => row.charts.map(([, chart]) => chart))
}
