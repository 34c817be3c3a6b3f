import { defineDataset, formats } from '../dataset.js'
import { goingOn } from './going-on.js'
import { securityKinds } from './security-kinds.js'

/** A value of a finding, and its unit, which is said once for several. */
const valueOf = (column: string): string =>
  `toString(if(unit = 'ratio', round(100 * ${column}, 1), if(${column} < 10, round(${column}, 1), round(${column}))))`
const unitOf = "multiIf(unit = 'ratio', ' %', unit = 'count', '', concat(' ', unit))"

/** What the detector found, in words: a row for each five minutes of a finding. */
export const findings = defineDataset({
  name: 'findings_going_on',
  description:
    'What the detector found, in words. Each finding has a row for every five minutes that it went on, so that a range shows what went on in it: count findings, not rows.',
  sql: `SELECT
  toDateTime(${goingOn('started', 'ended')}, 'UTC') AS moment,
  finding_id,
  started,
  formatDateTime(started, '%Y-%m-%d %H:%i') AS since,
  ifNull(formatDateTime(ended, '%Y-%m-%d %H:%i'), 'still going on') AS until,
  severity,
  replaceAll(kind, '_', ' ') AS kind_named,
  kind IN (${securityKinds}) AS is_attack,
  service,
  endpoint,
  if(entity_type = 'ip_address', entity, '') AS ip_address,
  if(entity_type = 'user', entity, '') AS user_id,
  if(entity = '', 'many', concat(replaceOne(replaceAll(entity_type, 'ip_', ''), '_', ' '), ' ', entity)) AS who,
  title,
  summary,
  concat(${valueOf('observed')}, ${unitOf}) AS observed_text,
  concat(${valueOf('expected')}, ' (', ${valueOf('expected_low')}, ' to ', ${valueOf('expected_high')}, ')', ${unitOf}) AS expected_text,
  baseline,
  arrayStringConcat(arrayMap(cause -> concat(replaceAll(tupleElement(cause, 1), '_', ' '), ' ', tupleElement(cause, 2), ' ', toString(round(100 * tupleElement(cause, 3))), ' %'), causes), ', ') AS causes_text,
  arrayStringConcat(example_requests, ', ') AS examples_text
FROM pulsehouse.findings FINAL`,
  time: 'moment',
  columns: {
    since: { label: 'Since' },
    until: { label: 'Until' },
    severity: { label: 'Severity' },
    kind_named: { label: 'Kind' },
    is_attack: { label: 'Somebody means harm', type: 'UInt8' },
    service: { label: 'Service' },
    endpoint: { label: 'Endpoint' },
    ip_address: { label: 'Address' },
    user_id: { label: 'User' },
    who: { label: 'Who' },
    title: { label: 'What' },
    summary: { label: 'How bad' },
    observed_text: { label: 'Observed, at worst' },
    expected_text: { label: 'Expected (low to high)' },
    baseline: { label: 'Expected by' },
    causes_text: { label: 'Part of the change' },
    examples_text: { label: 'Requests to look at' },
  },
  metrics: {
    finding_count: {
      label: 'Findings',
      sql: 'uniqExact(finding_id)',
      format: formats.count,
      description: 'Different findings that went on.',
    },
    newest_start: {
      label: 'Began last',
      sql: 'max(started)',
      format: '',
      description: 'To sort by: when the newest began.',
    },
  },
})
