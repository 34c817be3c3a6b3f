import { defineDataset } from '../dataset.js'
import { requestMetrics } from './request-metrics.js'

const valueOf = (label: string) => ({ label, type: 'LowCardinality(String)', sql: 'value' })

/** Requests by minute, service and one facet: a chart names the facet in its condition. */
export const facets = defineDataset({
  name: 'facets_by_minute',
  description: 'Requests by minute, service and one facet at a time: filter by facet before anything else.',
  time: 'minute',
  columns: {
    facet: { label: 'Facet', type: 'LowCardinality(String)' },
    service: { label: 'Service', type: 'LowCardinality(String)' },
    server: valueOf('Server'),
  },
  metrics: requestMetrics,
})
