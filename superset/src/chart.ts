import type { Dataset } from './dataset.js'
import { defaultTimeRange } from './time-range.js'

/** A chart, before it has a place on a dashboard. */
export interface Chart {
  /** What it shows. */
  title: string
  /** Which question it answers. */
  question: string
  dataset: Dataset
  vizType: string
  params: Record<string, unknown>
}

/** What every chart is given. */
export interface ChartText {
  title: string
  question: string
  /** Which rows are looked at: a condition over the dataset's columns. */
  where?: string
  /** It shows how things are now, whatever the range. */
  now?: boolean
}

/** Makes a chart with what Superset wants of all of them. */
export function chartOf(
  dataset: Dataset,
  vizType: string,
  { title, question, where, now }: ChartText,
  params: Record<string, unknown>,
): Chart {
  const adhoc_filters = [
    // A dashboard's time filter reaches a chart only by replacing this one.
    ...(dataset.time === undefined || now ? [] : [timeCondition(defaultTimeRange)]),
    ...(where === undefined ? [] : [conditionOf(where)]),
  ]
  return { title, question, dataset, vizType, params: { adhoc_filters, extra_form_data: {}, ...params } }
}

/** The condition that rows lie in a range of time. */
export function timeCondition(comparator: string): Record<string, unknown> {
  return {
    clause: 'WHERE',
    expressionType: 'SIMPLE',
    subject: 'time',
    operator: 'TEMPORAL_RANGE',
    comparator,
  }
}

/** A condition over a dataset's columns. */
export function conditionOf(sqlExpression: string): Record<string, unknown> {
  return { clause: 'WHERE', expressionType: 'SQL', sqlExpression }
}
