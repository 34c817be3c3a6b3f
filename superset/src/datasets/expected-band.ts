import { defineDataset } from '../dataset.js'

const format = ',.2~f'

/** Ratios are shown in percent. */
const shown = (column: string): string => `if(endsWith(metric, '_ratio'), 100, 1) * ${column}`

/** Of the whole where no service is chosen: it has rows of its own, which no sum of services would give. */
const mean = (column: string): string =>
  `if(countIf(service = '') > 0, avgIf(${column}, service = ''), avg(${column}))`

/** What came, beside what the detector expected. A chart has to choose one metric of the detector's. */
export const expectedBand = defineDataset({
  name: 'expected_band',
  description:
    'What came in each minute of each watched series, beside what the detector expected. Choose one metric: they have different units. Ratios are in percent; without a service it is the whole, of several services their mean.',
  sql: `SELECT
  minute,
  metric,
  service,
  ${shown('observed')} AS came,
  ${shown('expected')} AS middle,
  ${shown('expected_low')} AS low,
  ${shown('expected_high')} AS high
FROM pulsehouse.expectations FINAL`,
  time: 'minute',
  columns: {
    metric: { label: 'Metric', type: 'LowCardinality(String)' },
    service: { label: 'Service', type: 'LowCardinality(String)' },
  },
  // Superset draws a line with a band where names end with these words of Prophet's, and calls it what stands before them.
  metrics: {
    observed: { label: 'Observed', sql: mean('came'), format, description: 'What came.' },
    expected__yhat: {
      label: 'Expected',
      sql: mean('middle'),
      format,
      description: 'What was expected; not known while it is being learned.',
    },
    expected__yhat_lower: {
      label: 'Expected at the least',
      sql: mean('low'),
      format,
      description: 'The lower end of what is usual.',
    },
    expected__yhat_upper: {
      label: 'Expected at the most',
      sql: mean('high'),
      format,
      description: 'The upper end of what is usual.',
    },
  },
})
