import { defineDataset, formats } from '../dataset.js'
import { quarterHour } from './quarter-hour.js'
import { requestMetrics } from './request-metrics.js'

/** Requests by minute, service, endpoint, method, status and action. */
export const requests = defineDataset({
  name: 'stats_by_minute',
  description: 'Requests by minute, service, endpoint, method, status and action.',
  time: 'minute',
  columns: {
    service: { label: 'Service', type: 'LowCardinality(String)' },
    endpoint: { label: 'Endpoint', type: 'LowCardinality(String)' },
    http_method: { label: 'Method', type: 'LowCardinality(String)' },
    action: { label: 'Action', type: 'LowCardinality(String)' },
    status_code: { label: 'Status', type: 'UInt16' },
    quarter_hour: { label: 'Time', sql: quarterHour('minute') },
    status_class: {
      label: 'Status class',
      sql: "if(status_code = 0, 'none', concat(toString(intDiv(status_code, 100)), 'xx'))",
    },
  },
  metrics: {
    ...requestMetrics,
    server_error_count: {
      label: 'Server errors',
      sql: 'sumIf(events, status_code >= 500)',
      format: formats.count,
      description: 'Requests with a status from 500 on.',
    },
    refused_count: {
      label: 'Refused requests',
      sql: 'sumIf(events, status_code IN (401, 403))',
      format: formats.count,
      description: 'Requests with the status 401 or 403, logins included.',
    },
    unusual_count: {
      label: 'Unusual actions',
      sql: "sumIf(events, action NOT IN ('', 'login', 'logout', 'view_page', 'click_button', 'submit_form'))",
      format: formats.count,
      description: 'Events of an action that the shop does not know.',
    },
    different_users: {
      label: 'Users',
      sql: 'uniqMerge(users)',
      format: formats.short,
      description: 'Different users; an estimate above some ten thousand.',
    },
  },
})
