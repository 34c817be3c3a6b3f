import type { Clickhouse } from '@pulsehouse/platform'
import { insertFindings, type FindingRow } from './finding-rows.js'

/** The day of all that is found, as a time of it begins. */
export const day = '2026-03-01T'

/** Who attacks, a pseudonym. */
export const attacker = `ip_${'a2'.repeat(8)}`

/** Who is attacked, a pseudonym. */
export const victim = `user_${'b3'.repeat(8)}`

const attack: FindingRow = {
  finding_id: 'attack',
  started: `${day}10:00:00Z`,
  judged_minute: `${day}10:30:00Z`,
  ended: `${day}10:25:00Z`,
  kind: 'brute_force',
  service: 'auth',
  endpoint: '',
  entity_type: 'ip_address',
  entity: attacker,
  title: `${attacker} guesses passwords`,
  summary: `${attacker} failed 400 times as ${victim}, then got in.`,
  causes: [['user_agent', 'curl/8.5.0', 1, 400, 0]],
  example_requests: ['req_9'],
}

/** The same as it would be told where clear values are kept. */
export const attackInClear: FindingRow = {
  ...attack,
  summary: `${attacker} failed 400 times with curl/8.5.0.`,
}

/** Writes what the tests of incidents ask for, with its alerts. */
export async function insertIncidents(clickhouse: Pick<Clickhouse, 'command'>): Promise<void> {
  // Slow at first, then errors as well; people who are attacked; something mild; something of two days ago.
  const slow = { finding_id: 'slow', started: `${day}11:40:00Z`, judged_minute: `${day}11:42:00Z` }
  await insertFindings(clickhouse, [slow])
  await insertFindings(clickhouse, [
    {
      ...slow,
      judged_minute: `${day}11:44:00Z`,
      causes: [
        ['server', '10.0.0.12', 0.9, 2100, 300],
        ['endpoint', '/api/checkout', 0.1, 400, 330],
      ],
      example_requests: ['req_1', 'req,"2"'],
    },
    {
      finding_id: 'errors',
      incident_id: 'slow',
      started: `${day}11:43:00Z`,
      judged_minute: `${day}11:44:00Z`,
      ended: `${day}11:45:00Z`,
      kind: 'error_burst',
      severity: 'critical',
      rule: 'errors',
      service: 'payment',
      endpoint: '',
      expected_high: Infinity,
    },
  ])
  await insertFindings(clickhouse, [
    attack,
    { finding_id: 'mild', started: `${day}09:00:00Z`, judged_minute: `${day}09:05:00Z`, severity: 'info' },
    {
      finding_id: 'past',
      started: '2026-02-27T10:00:00Z',
      judged_minute: '2026-02-27T11:00:00Z',
      ended: '2026-02-27T11:00:00Z',
    },
    { finding_id: 'lasting', started: '2026-02-26T10:00:00Z', judged_minute: '2026-02-27T11:00:00Z' },
  ])
  await clickhouse.command(`INSERT INTO alerts
    (created, alert_id, version, incident_id, receiver, change, severity, title, state, attempts, last_error, sent_at, body) VALUES
    ('2026-03-01 11:42:00', 'a1', 1, 'slow', 'on-call', 'opened', 'warning', 'slow', 'pending', 1, 'HTTP 503', NULL, '{}'),
    ('2026-03-01 11:42:00', 'a1', 2, 'slow', 'on-call', 'opened', 'warning', 'slow', 'sent', 2, '', '2026-03-01 11:43:07', '{}'),
    ('2026-03-01 11:44:00', 'a2', 1, 'slow', 'chat', 'escalated', 'critical', 'slow', 'pending', 3, 'HTTP 500', NULL, '{}'),
    ('2026-03-01 10:02:00', 'a3', 1, 'attack', 'log', 'opened', 'warning', '${attacker} guesses', 'muted', 0, '', NULL, '{}')`)
}
