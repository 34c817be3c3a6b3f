import { chartOf, type Chart, type ChartText } from '../chart.js'
import { onAxis, type ColumnOf, type Dataset, type MetricOf } from '../dataset.js'
import { timeFormats, timeGrains } from '../time-range.js'

const vizTypes = { lines: 'echarts_timeseries_line', areas: 'echarts_area', bars: 'echarts_timeseries_bar' }

interface OverTime<D extends Dataset> extends ChartText {
  metrics: readonly MetricOf<D>[]
  /** A line for each value; the title has to say the unit then. */
  by?: ColumnOf<D>
  /** So many values at the most, those with the most of the first metric. */
  seriesMax?: number
  /** A dashed line: what should be kept. */
  limit?: { name: string; value: number }
  logarithmic?: boolean
}

/** Lines over time. */
export const linesOverTime = <D extends Dataset>(dataset: D, given: OverTime<D>): Chart =>
  overTime('lines', dataset, given, {})

/** Areas over time, one on top of the other: for parts of a whole. */
export const areasOverTime = <D extends Dataset>(dataset: D, given: OverTime<D>): Chart =>
  overTime('areas', dataset, given, { stack: 'Stack', opacity: 0.55 })

/** Bars over time, one on top of the other: for what is counted. */
export const barsOverTime = <D extends Dataset>(dataset: D, given: OverTime<D>): Chart =>
  overTime('bars', dataset, given, { stack: 'Stack' })

/** Shares over time: each step is 100 %. */
export const sharesOverTime = <D extends Dataset>(dataset: D, given: OverTime<D>): Chart =>
  overTime('areas', dataset, given, { stack: 'Expand', opacity: 0.7, y_axis_format: '.0%' })

function overTime<D extends Dataset>(
  kind: keyof typeof vizTypes,
  dataset: D,
  given: OverTime<D>,
  look: Record<string, unknown>,
): Chart {
  const [first] = given.metrics
  const series = given.by !== undefined || given.metrics.length > 1
  return chartOf(dataset, vizTypes[kind], given, {
    x_axis: 'time',
    time_grain_sqla: given.by === undefined ? timeGrains.few : timeGrains.many,
    metrics: given.metrics,
    groupby: given.by === undefined ? [] : [given.by],
    ...(given.seriesMax === undefined ? {} : { limit: given.seriesMax, timeseries_limit_metric: first }),
    order_desc: true,
    row_limit: 50_000,
    truncate_metric: true,
    show_legend: series,
    legendType: 'scroll',
    legendOrientation: 'top',
    rich_tooltip: true,
    tooltipTimeFormat: timeFormats.whole,
    x_axis_time_format: timeFormats.clock,
    y_axis_format: first === undefined ? undefined : onAxis(dataset.metrics[first]?.format),
    // A line of one point is seen by its marker only.
    markerEnabled: kind === 'lines' && given.by !== undefined,
    markerSize: 3,
    y_axis_bounds: [given.logarithmic ? null : 0, null],
    truncateYAxis: true,
    logAxis: given.logarithmic ?? false,
    minorSplitLine: false,
    color_scheme: 'supersetColors',
    annotation_layers: given.limit === undefined ? [] : [annotationOf(given.limit)],
    ...look,
  })
}

function annotationOf({ name, value }: { name: string; value: number }): Record<string, unknown> {
  return {
    name,
    annotationType: 'FORMULA',
    value: String(value),
    style: 'dashed',
    width: 1,
    opacity: '',
    color: '#8C9BAB',
    show: true,
    showLabel: false,
    showMarkers: false,
    hideLine: false,
    titleColumn: '',
    descriptionColumns: [],
    timeColumn: '',
    intervalEndColumn: '',
    sourceType: '',
    overrides: { time_range: null },
  }
}
