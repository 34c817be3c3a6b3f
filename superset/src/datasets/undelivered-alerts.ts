import { defineDataset, formats } from '../dataset.js'

/** Alerts that have not reached whom they are for. */
export const undeliveredAlerts = defineDataset({
  name: 'undelivered_alerts',
  description: 'Alerts that have not reached whom they are for: still tried, or given up.',
  sql: `SELECT
  toDateTime(created) AS caused,
  alert_id,
  formatDateTime(created, '%Y-%m-%d %H:%i') AS created_text,
  receiver,
  if(state = 'pending', 'still tried', 'given up') AS state_named,
  severity,
  concat(change, ': ', title) AS told,
  attempts,
  last_error
FROM pulsehouse.alerts FINAL
WHERE state NOT IN ('sent', 'muted')`,
  time: 'caused',
  columns: {
    created_text: { label: 'Since' },
    receiver: { label: 'Receiver', type: 'LowCardinality(String)' },
    state_named: { label: 'State' },
    severity: { label: 'Severity', type: 'LowCardinality(String)' },
    told: { label: 'What it says' },
    last_error: { label: 'Last error' },
  },
  metrics: {
    attempt_count: {
      label: 'Attempts',
      sql: 'sum(attempts)',
      format: formats.count,
      description: 'How often it was tried.',
    },
  },
})
