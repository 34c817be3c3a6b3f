import { chartOf, type Chart, type ChartText } from '../chart.js'
import { onAxis, type Dataset, type MetricOf } from '../dataset.js'
import { timeFormats, timeGrains } from '../time-range.js'

interface TwoScales<D extends Dataset> extends ChartText {
  /** Bars, on the left axis. */
  bars: MetricOf<D>
  /** A line, on the right axis. */
  line: MetricOf<D>
}

/** Two measures of different units over time: whether one follows the other. */
export function twoScales<D extends Dataset>(dataset: D, given: TwoScales<D>): Chart {
  const chart = chartOf(dataset, 'mixed_timeseries', given, {})
  return {
    ...chart,
    params: {
      ...chart.params,
      adhoc_filters_b: chart.params['adhoc_filters'],
      x_axis: 'time',
      time_grain_sqla: timeGrains.many,
      metrics: [given.bars],
      groupby: [],
      seriesType: 'bar',
      yAxisIndex: 0,
      row_limit: 50_000,
      truncate_metric: true,
      metrics_b: [given.line],
      groupby_b: [],
      seriesTypeB: 'line',
      yAxisIndexB: 1,
      row_limit_b: 50_000,
      truncate_metric_b: true,
      show_legend: true,
      legendType: 'scroll',
      legendOrientation: 'top',
      rich_tooltip: true,
      x_axis_time_format: timeFormats.clock,
      tooltipTimeFormat: timeFormats.whole,
      y_axis_format: onAxis(dataset.metrics[given.bars]?.format),
      y_axis_format_secondary: onAxis(dataset.metrics[given.line]?.format),
      y_axis_bounds: [0, null],
      y_axis_bounds_secondary: [0, null],
      truncateYAxis: true,
      color_scheme: 'supersetColors',
      annotation_layers: [],
    },
  }
}
