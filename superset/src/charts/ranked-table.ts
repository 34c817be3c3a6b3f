import { chartOf, type Chart, type ChartText } from '../chart.js'
import type { ColumnOf, Dataset, MetricOf } from '../dataset.js'
import { timeFormats } from '../time-range.js'

interface RankedTable<D extends Dataset> extends ChartText {
  by: readonly ColumnOf<D>[]
  metrics: readonly MetricOf<D>[]
  /** The rows with the most of it come first. */
  order: MetricOf<D>
  rowsMax?: number
  /** Metrics whose cells are coloured above a value. */
  alarms?: readonly { metric: MetricOf<D>; above: number }[]
  /** Columns whose cells are coloured where they have a word. */
  alarmWords?: readonly { column: ColumnOf<D>; word: string }[]
}

/** The worst first: which ones to act on. */
export function rankedTable<D extends Dataset>(dataset: D, given: RankedTable<D>): Chart {
  return chartOf(dataset, 'table', given, {
    query_mode: 'aggregate',
    groupby: given.by,
    metrics: given.metrics,
    all_columns: [],
    percent_metrics: [],
    timeseries_limit_metric: given.order,
    order_by_cols: [],
    order_desc: true,
    row_limit: given.rowsMax ?? 15,
    server_pagination: false,
    table_timestamp_format: timeFormats.whole,
    show_cell_bars: true,
    color_pn: false,
    allow_render_html: false,
    conditional_formatting: [
      ...(given.alarms ?? []).map(({ metric, above }) => coloured(metric, '>', above)),
      ...(given.alarmWords ?? []).map(({ column, word }) => coloured(column, 'begins with', word)),
    ],
  })
}

function coloured(column: string, operator: string, targetValue: number | string): object {
  return { column, operator, targetValue, colorScheme: '#D64550' }
}
