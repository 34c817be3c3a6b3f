import { chartOf, type Chart, type ChartText } from '../chart.js'
import { onAxis, type ColumnOf, type Dataset, type MetricOf } from '../dataset.js'

interface Parts<D extends Dataset> extends ChartText {
  by: ColumnOf<D>
  metric: MetricOf<D>
}

/** A ring of parts of a whole: few values only. */
export function ring<D extends Dataset>(dataset: D, given: Parts<D>): Chart {
  return chartOf(dataset, 'pie', given, {
    groupby: [given.by],
    metric: given.metric,
    row_limit: 8,
    sort_by_metric: true,
    label_type: 'percent',
    number_format: dataset.metrics[given.metric]?.format,
    show_labels: true,
    labels_outside: true,
    label_line: true,
    show_labels_threshold: 3,
    donut: true,
    innerRadius: 40,
    outerRadius: 58,
    show_total: true,
    show_legend: true,
    legendType: 'scroll',
    legendOrientation: 'top',
    color_scheme: 'supersetColors',
  })
}

/** Bars from left to right, the longest first. */
export function rankedBars<D extends Dataset>(dataset: D, given: Parts<D> & { barsMax?: number }): Chart {
  return chartOf(dataset, 'echarts_timeseries_bar', given, {
    x_axis: given.by,
    metrics: [given.metric],
    groupby: [],
    orientation: 'horizontal',
    row_limit: given.barsMax ?? 12,
    timeseries_limit_metric: given.metric,
    order_desc: true,
    x_axis_sort: given.metric,
    x_axis_sort_asc: true,
    truncate_metric: true,
    show_legend: false,
    show_value: true,
    rich_tooltip: true,
    y_axis_format: dataset.metrics[given.metric]?.format,
    color_scheme: 'supersetColors',
    annotation_layers: [],
  })
}

/** Bars from the left to the right in the order of their names. */
export function orderedBars<D extends Dataset>(dataset: D, given: Parts<D>): Chart {
  return chartOf(dataset, 'echarts_timeseries_bar', given, {
    x_axis: given.by,
    metrics: [given.metric],
    groupby: [],
    orientation: 'vertical',
    row_limit: 50,
    x_axis_sort: given.by,
    x_axis_sort_asc: true,
    truncate_metric: true,
    show_legend: false,
    show_value: true,
    rich_tooltip: true,
    y_axis_format: onAxis(dataset.metrics[given.metric]?.format),
    color_scheme: 'supersetColors',
    annotation_layers: [],
  })
}

/** Steps, each a part of the one before. */
export function funnel<D extends Dataset>(dataset: D, given: Parts<D>): Chart {
  return chartOf(dataset, 'funnel', given, {
    groupby: [given.by],
    metric: given.metric,
    row_limit: 10,
    sort_by_metric: true,
    percent_calculation_type: 'first_step',
    number_format: dataset.metrics[given.metric]?.format,
    label_type: 5,
    tooltip_label_type: 5,
    show_labels: true,
    show_tooltip_labels: true,
    show_legend: false,
    legendOrientation: 'top',
    color_scheme: 'supersetColors',
  })
}

/** From where to where, as broad as there are many. The values of both columns must differ. */
export function flow<D extends Dataset>(
  dataset: D,
  given: ChartText & { from: ColumnOf<D>; to: ColumnOf<D>; metric: MetricOf<D>; linksMax: number },
): Chart {
  return chartOf(dataset, 'sankey_v2', given, {
    source: given.from,
    target: given.to,
    metric: given.metric,
    row_limit: given.linksMax,
    sort_by_metric: true,
    color_scheme: 'supersetColors',
  })
}

/** Two columns, darker where there is more of it. */
export function heatmap<D extends Dataset>(dataset: D, given: Parts<D> & { across: ColumnOf<D> }): Chart {
  return chartOf(dataset, 'heatmap_v2', given, {
    x_axis: given.across,
    groupby: given.by,
    metric: given.metric,
    row_limit: 10_000,
    sort_x_axis: 'alpha_asc',
    sort_y_axis: 'alpha_desc',
    normalize_across: 'heatmap',
    normalized: false,
    linear_color_scheme: 'schemeBlues',
    xscale_interval: -1,
    yscale_interval: 1,
    left_margin: 145,
    bottom_margin: 40,
    value_bounds: [0, null],
    y_axis_format: dataset.metrics[given.metric]?.format,
    show_legend: true,
    legend_type: 'continuous',
    show_percentage: false,
    show_values: false,
  })
}
