import { defineDataset, formats } from '../dataset.js'

/** Each service's minutes: who has fallen silent. */
export const services = defineDataset({
  name: 'services_by_minute',
  description: 'Each service by minute.',
  time: 'minute',
  columns: { service: { label: 'Service', type: 'LowCardinality(String)' } },
  metrics: {
    requests: { label: 'Requests', sql: 'sum(events)', format: formats.short, description: 'Events.' },
    last_hour_count: {
      label: 'Events of the last hour',
      sql: 'sumIf(events, minute >= now() - INTERVAL 1 HOUR)',
      format: formats.count,
      description: 'Events of the last 60 minutes, whatever the range.',
    },
    newest_minute: { label: 'Newest minute', sql: 'max(minute)', format: '', description: 'UTC.' },
    newest_age_s: {
      label: 'Seconds ago',
      sql: "greatest(dateDiff('second', max(minute), now()), 0)",
      format: formats.count,
      description: 'Since the newest minute began: up to 60 when all is well.',
    },
  },
})
