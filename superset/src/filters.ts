import type { Chart } from './chart.js'
import type { ColumnOf, Dataset } from './dataset.js'

/** What readers can narrow a dashboard by. It reaches the charts whose dataset has the column, and no others. */
export type Filter =
  | { kind: 'time'; name: string }
  | { kind: 'grain'; name: string; dataset: Dataset }
  | { kind: 'select'; name: string; dataset: Dataset; column: string; where: string | undefined }

/** The range of time. */
export const timeFilter: Filter = { kind: 'time', name: 'Time range' }

/** How long a step of the charts over time is. */
export const grainFilter = (dataset: Dataset): Filter => ({ kind: 'grain', name: 'Step', dataset })

/**
 * Values of a column.
 *
 * @param where which rows the values are taken from; all, where it is not said.
 */
export const selectFilter = <D extends Dataset>(
  name: string,
  dataset: D,
  column: ColumnOf<D>,
  where?: string,
): Filter => ({ kind: 'select', name, dataset, column, where })

/** Whether a filter may change a chart. */
export function reaches(filter: Filter, { dataset, params }: Chart): boolean {
  switch (filter.kind) {
    case 'time':
      return dataset.time !== undefined && hasTimeFilter(params)
    case 'grain':
      return 'time_grain_sqla' in params
    case 'select':
      return filter.column in dataset.columns
  }
}

function hasTimeFilter(params: Record<string, unknown>): boolean {
  return (params['adhoc_filters'] as { subject?: string }[]).some(({ subject }) => subject === 'time')
}
