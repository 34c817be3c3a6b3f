import { defineDataset } from '../dataset.js'
import { quarterHour } from './quarter-hour.js'
import { requestMetrics } from './request-metrics.js'

/** Requests by minute, service and endpoint: half the rows of those with method, status and action. */
export const endpoints = defineDataset({
  name: 'endpoints_by_minute',
  description: 'Requests by minute, service and endpoint.',
  time: 'minute',
  columns: {
    service: { label: 'Service', type: 'LowCardinality(String)' },
    endpoint: { label: 'Endpoint', type: 'LowCardinality(String)' },
    quarter_hour: { label: 'Time', sql: quarterHour('minute') },
  },
  metrics: requestMetrics,
})
