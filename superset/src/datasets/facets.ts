import { defineDataset } from '../dataset.js'
import { requestMetrics } from './request-metrics.js'

const valueOf = (label: string, absent: string) => ({
  label,
  sql: `if(value = '', '${absent}', toString(value))`,
})

/** Requests by minute, service and one facet: a chart names the facet in its condition. */
export const facets = defineDataset({
  name: 'facets_by_minute',
  description: 'Requests by minute, service and one facet at a time: filter by facet before anything else.',
  time: 'minute',
  columns: {
    facet: { label: 'Facet', type: 'LowCardinality(String)' },
    service: { label: 'Service', type: 'LowCardinality(String)' },
    server: valueOf('Server', 'unknown'),
    device: valueOf('Device', 'unknown'),
    browser: valueOf('Browser', 'unknown'),
    // As the sessions call it.
    referrer: valueOf('Referrer', 'direct entry'),
  },
  metrics: requestMetrics,
})
