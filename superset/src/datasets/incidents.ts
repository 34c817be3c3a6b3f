import { defineDataset, formats } from '../dataset.js'
import { goingOn } from './going-on.js'
import { securityKinds } from './security-kinds.js'

/** What the detector tells people of: findings that belong together, a row for each five minutes of them. */
export const incidents = defineDataset({
  name: 'incidents_going_on',
  description:
    'Findings that belong together, as people are told of them. Each has a row for every five minutes that it went on, so that a range shows what went on in it: count incidents, not rows.',
  sql: `SELECT
  toDateTime(${goingOn('started', 'ended')}, 'UTC') AS moment,
  incident_id,
  status,
  severity,
  title,
  started,
  formatDateTime(started, '%Y-%m-%d %H:%i') AS since,
  ifNull(formatDateTime(ended, '%Y-%m-%d %H:%i'), 'still going on') AS until,
  if(empty(services), 'all', arrayStringConcat(services, ', ')) AS services_named,
  findings,
  hasAny(kinds, [${securityKinds}]) AS is_attack
FROM pulsehouse.incidents`,
  time: 'moment',
  columns: {
    status: { label: 'Status' },
    severity: { label: 'Severity' },
    title: { label: 'What' },
    since: { label: 'Since' },
    until: { label: 'Until' },
    services_named: { label: 'Services' },
    is_attack: { label: 'Somebody means harm', type: 'UInt8' },
  },
  metrics: {
    open_count: {
      label: 'Open incidents',
      sql: "uniqExactIf(incident_id, status = 'open')",
      format: formats.count,
      description: 'Different incidents that are not over.',
    },
    finding_count: {
      label: 'Findings',
      sql: 'max(findings)',
      format: formats.count,
      description: 'How many findings the incident is made of.',
    },
    newest_start: {
      label: 'Began last',
      sql: 'max(started)',
      format: '',
      description: 'To sort by: when the newest began.',
    },
  },
})
