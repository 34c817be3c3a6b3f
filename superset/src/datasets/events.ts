import { defineDataset, formats } from '../dataset.js'

/** The events themselves: for what no rollup has. */
export const events = defineDataset({
  name: 'logs',
  description:
    'The events themselves, for what no rollup has: messages. Everything else is cheaper elsewhere.',
  time: 'timestamp',
  columns: {
    level: { label: 'Level', type: 'LowCardinality(String)' },
    service: { label: 'Service', type: 'LowCardinality(String)' },
    endpoint: { label: 'Endpoint', type: 'LowCardinality(String)' },
    status_code: { label: 'Status', type: 'UInt16' },
    what: {
      label: 'What it said',
      sql: "multiIf(message != '', message, detail != '', detail, toString(status_text))",
    },
  },
  metrics: {
    event_count: { label: 'Events', sql: 'count()', format: formats.count, description: 'Events.' },
    different_users: {
      label: 'Users',
      sql: "uniqIf(user_id, user_id != '')",
      format: formats.count,
      description: 'Different users with such an event.',
    },
    newest: {
      label: 'Newest',
      sql: 'max(timestamp)',
      format: '',
      description: 'When it was said last, UTC.',
    },
  },
})
