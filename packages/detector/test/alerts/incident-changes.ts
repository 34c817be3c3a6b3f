import type { Finding, Severity } from '../../src/findings/finding.js'
import type { IncidentChange } from '../../src/incidents/incident.js'

/** The first minute of every test's incidents, seconds since 1970. */
export const firstMinute = Date.UTC(2026, 4, 4, 10, 0) / 1000

/** A finding as the detector writes them. */
export function findingOf(incidentId: string, changed: Partial<Finding> = {}): Finding {
  return {
    id: incidentId,
    incidentId,
    rule: 'slow_endpoint',
    kind: 'latency_regression',
    severity: 'warning',
    service: 'payments',
    endpoint: '/api/pay',
    entity: undefined,
    metric: 'response_time_p50',
    unit: 'ms',
    startedSeconds: firstMinute,
    endedSeconds: undefined,
    judgedSeconds: firstMinute + 120,
    openedSeconds: firstMinute + 120,
    detectedMs: (firstMinute + 185) * 1000,
    incidentChange: undefined,
    observed: 900,
    expected: 210,
    expectedLow: 180,
    expectedHigh: 260,
    baseline: 'the same time of day, last 7 days',
    score: 12,
    title: `Payments are slow (${incidentId})`,
    summary: 'POST /api/pay took 900 ms at the median since 10:00; 180 to 260 ms were expected.',
    causes: [{ dimension: 'server', value: 'pay-2', share: 0.81, observed: 1_400, expected: 205 }],
    exampleRequests: ['req-1', 'req-2'],
    ...changed,
  }
}

/** A change of an incident with one finding. */
export function changeOf(
  incidentId: string,
  change: IncidentChange['change'],
  minute = 2,
  severity: Severity = change === 'escalated' ? 'critical' : 'warning',
): IncidentChange {
  const judgedSeconds = firstMinute + minute * 60
  const endedSeconds = change === 'resolved' ? judgedSeconds - 60 : undefined
  const finding = findingOf(incidentId, { severity, judgedSeconds, endedSeconds })
  const { kind, title, summary, startedSeconds } = finding
  return {
    change,
    judgedSeconds,
    incident: {
      id: incidentId,
      severity,
      kind,
      title,
      summary,
      startedSeconds,
      endedSeconds,
      openedSeconds: firstMinute + 120,
      findings: [finding],
    },
  }
}

/** The life of an incident: opened, then worse, then over. */
export function lifeOf(incidentId: string, minute = 2): IncidentChange[] {
  return [
    changeOf(incidentId, 'opened', minute),
    changeOf(incidentId, 'escalated', minute + 3),
    changeOf(incidentId, 'resolved', minute + 20, 'critical'),
  ]
}
