import type { Cause, Finding } from '../findings/finding.js'
import type { Incident, IncidentChange } from '../incidents/incident.js'
import { alertText } from './alert-text.js'

/** Findings of an incident in one message at the most; how many more there are is said beside them. */
const findingsMax = 50
/** Causes and example requests of the whole incident at the most. */
const highlightsMax = 10

/**
 * An alert for programs: the incident and each of its findings whole, in the words of the table `findings`; times are
 * ISO 8601.
 *
 * @param url where people see the incident; undefined where nobody has said how this stack is reached.
 */
export function alertBody(alertId: string, told: IncidentChange, url: string | undefined): object {
  const { change, incident, judgedSeconds } = told
  return {
    alert_id: alertId,
    change,
    text: alertText(told),
    judged_minute: isoOf(judgedSeconds),
    url,
    incident: incidentBody(incident),
    causes: causesOf(incident),
    example_requests: [...new Set(incident.findings.flatMap(({ exampleRequests }) => exampleRequests))].slice(
      0,
      highlightsMax,
    ),
  }
}

/** What explains most of an incident, the largest share first; what several findings name stands there once. */
export function causesOf({ findings }: Incident): Cause[] {
  const largest = new Map<string, Cause>()
  for (const cause of findings.flatMap(({ causes }) => causes)) {
    const key = JSON.stringify([cause.dimension, cause.value])
    if ((largest.get(key)?.share ?? -1) < cause.share) largest.set(key, cause)
  }
  return [...largest.values()].toSorted((a, b) => b.share - a.share).slice(0, highlightsMax)
}

function incidentBody(incident: Incident): object {
  const { id, severity, kind, title, summary, findings } = incident
  return {
    id,
    severity,
    kind,
    title,
    summary,
    started: isoOf(incident.startedSeconds),
    ended: isoOf(incident.endedSeconds),
    opened_minute: isoOf(incident.openedSeconds),
    findings: findings.slice(0, findingsMax).map((finding) => findingBody(finding)),
    findings_left_out: Math.max(0, findings.length - findingsMax),
  }
}

function findingBody(finding: Finding): object {
  return {
    id: finding.id,
    incident_id: finding.incidentId,
    rule: finding.rule,
    kind: finding.kind,
    severity: finding.severity,
    service: finding.service,
    endpoint: finding.endpoint,
    entity: finding.entity ?? null,
    metric: finding.metric,
    unit: finding.unit,
    started: isoOf(finding.startedSeconds),
    ended: isoOf(finding.endedSeconds),
    judged_minute: isoOf(finding.judgedSeconds),
    opened_minute: isoOf(finding.openedSeconds),
    detected_at: new Date(finding.detectedMs).toISOString(),
    observed: finding.observed,
    expected: finding.expected,
    expected_low: finding.expectedLow,
    expected_high: finding.expectedHigh,
    baseline: finding.baseline,
    score: finding.score,
    title: finding.title,
    summary: finding.summary,
    causes: finding.causes,
    example_requests: finding.exampleRequests,
  }
}

function isoOf(seconds: number | undefined): string | null {
  return seconds === undefined ? null : new Date(seconds * 1000).toISOString()
}
