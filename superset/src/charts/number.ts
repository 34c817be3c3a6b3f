import { chartOf, type Chart, type ChartText } from '../chart.js'
import type { Dataset, MetricOf } from '../dataset.js'
import { timeFormats, timeGrains } from '../time-range.js'

interface NumberText<D extends Dataset> extends ChartText {
  metric: MetricOf<D>
  subtitle: string
}

/** A number over the whole range, above its course: whether it is bad now. */
export function numberWithCourse<D extends Dataset>(dataset: D, given: NumberText<D>): Chart {
  return chartOf(dataset, 'big_number', given, {
    ...numberParams(dataset, given),
    header_font_size: 0.5,
    subtitle_font_size: 0.2,
    x_axis: 'time',
    time_grain_sqla: timeGrains.many,
    // A second query over the whole range: neither the last, unfinished step nor a mean of ratios.
    aggregation: 'raw',
    show_trend_line: true,
    start_y_axis_at_zero: true,
    show_timestamp: false,
    time_format: timeFormats.whole,
    color_picker: { r: 59, g: 120, b: 195, a: 1 },
  })
}

/** A number alone: for what has no course, and 0 where nothing is there. */
export function numberAlone<D extends Dataset>(dataset: D, given: NumberText<D>): Chart {
  return chartOf(dataset, 'big_number_total', given, {
    ...numberParams(dataset, given),
    header_font_size: 0.375,
    subtitle_font_size: 0.13,
  })
}

function numberParams<D extends Dataset>(dataset: D, { metric, subtitle }: NumberText<D>) {
  return {
    metric,
    subtitle,
    y_axis_format: dataset.metrics[metric]?.format,
  }
}
