import { severities, type Finding } from '../findings/finding.js'
import type { FindingKind } from '@pulsehouse/platform'
import type { Incident, IncidentChange } from './incident.js'

/** What has one cause more often than not. */
const families: Record<FindingKind, string> = {
  latency_regression: 'health',
  slow_degradation: 'health',
  error_burst: 'health',
  traffic_drop: 'health',
  traffic_surge: 'health',
  checkout_failures: 'health',
  no_events: 'health',
  login_failures: 'logins',
  credential_stuffing: 'logins',
  password_spraying: 'logins',
  brute_force: 'logins',
  unusual_admin_action: 'logins',
  scraping: 'crawling',
  scanner: 'crawling',
  session_reuse: 'sessions',
  outlying_carts: 'carts',
}

/** Different things that go wrong within so long of each other, in the same place, have one cause more often than not. */
const togetherSeconds = 600

/** What decides whether a finding belongs to an incident. */
type Group = Pick<Incident, 'id' | 'severity' | 'findings'>

/** Puts findings that belong together into one incident, and says what has changed for people. */
export class IncidentBook {
  readonly #open = new Map<string, Incident>()
  /** Incidents that findings of this very minute open; their other findings may come in the same minute. */
  #fresh: Group[] = []

  /** Goes on with incidents that were open when the detector stopped. @param findings all of theirs. */
  resume(findings: readonly Finding[]): void {
    for (const id of new Set(findings.map(({ incidentId }) => incidentId))) {
      const incident = summed(id, undefined, findings)
      if (incident.endedSeconds === undefined) this.#open.set(id, incident)
    }
  }

  /** The open incident that a new finding is part of; its own id where it is none's. */
  incidentOf(finding: Finding): string {
    for (const incident of [...this.#open.values(), ...this.#fresh])
      if (belongs(finding, incident)) return incident.id
    this.#fresh.push({ id: finding.id, severity: finding.severity, findings: [finding] })
    return finding.id
  }

  /** Keeps what was found out about a finding. */
  explain(explained: Finding): void {
    const incident = this.#open.get(explained.incidentId)
    if (incident !== undefined) this.#open.set(incident.id, summed(incident.id, incident, [explained]))
  }

  /** Takes new versions of findings; says which incidents were opened, became more severe, or are over. */
  add(judgedSeconds: number, findings: readonly Finding[]): IncidentChange[] {
    const changes: IncidentChange[] = []
    this.#fresh = []
    const touched = new Set(findings.map(({ incidentId }) => incidentId))
    for (const id of touched) {
      const before = this.#open.get(id)
      const incident = summed(id, before, findings)
      const change = changeOf(before, incident)
      if (incident.endedSeconds === undefined) this.#open.set(id, incident)
      else this.#open.delete(id)
      if (change !== undefined) changes.push({ change, incident, judgedSeconds })
    }
    return changes
  }
}

function belongs(finding: Finding, incident: Group): boolean {
  // Whoever is woken by something must not find it under a heading that woke nobody.
  if (finding.severity !== 'info' && incident.severity === 'info') return false
  const startedSeconds = Math.min(...incident.findings.map((other) => other.startedSeconds))
  return incident.findings.some(
    (other) => other.endedSeconds === undefined && haveOneCause(finding, other, startedSeconds),
  )
}

/** What is not sure to have the same cause is an incident of its own: better told twice than not at all. */
function haveOneCause(finding: Finding, other: Finding, startedSeconds: number): boolean {
  const sameService = finding.service === other.service
  const [family, otherFamily] = [families[finding.kind], families[other.kind]]
  if (finding.entity !== undefined && other.entity !== undefined)
    return finding.entity.value === other.entity.value
  if (family !== otherFamily) {
    // What an attack does to the service that it goes through is part of it.
    return family === 'health' && finding.service !== '' && sameService
  }
  if (family !== 'health') return true
  const overlapping = sameService || finding.service === '' || other.service === ''
  if (finding.kind === other.kind) return overlapping
  // Errors soon after the times grew are one failure; hours later, or when all was silent before, they are another one.
  return overlapping && Math.abs(finding.startedSeconds - startedSeconds) <= togetherSeconds
}

/** The most severe finding gives its name; of these one that says who did it, before one that says what came of it; of these the surest. */
function weightOf({ severity, entity, score }: Finding): number {
  return severities.indexOf(severity) * 1e6 + (entity === undefined ? 0 : 1e5) + Math.min(score, 1e4)
}

/** What a minute told people, from the versions that it wrote. @param findings all of the incidents that they are part of. */
export function changesWritten(judgedSeconds: number, findings: readonly Finding[]): IncidentChange[] {
  return findings.flatMap(({ judgedSeconds: written, incidentChange: change, incidentId }) =>
    written === judgedSeconds && change !== undefined
      ? [{ change, incident: summed(incidentId, undefined, findings), judgedSeconds }]
      : [],
  )
}

/** @param changed findings, also of other incidents. */
function summed(id: string, before: Incident | undefined, changed: readonly Finding[]): Incident {
  const versions = new Map((before?.findings ?? []).map((finding) => [finding.id, finding]))
  for (const finding of changed) if (finding.incidentId === id) versions.set(finding.id, finding)
  const findings = [...versions.values()]
  const [main] = findings.toSorted((a, b) => weightOf(b) - weightOf(a) || (a.id > b.id ? -1 : 1))
  if (main === undefined)
    throw new Error('An incident has a finding at least; this is a bug of the detector.')
  const ends = findings.map(({ endedSeconds }) => endedSeconds)
  const over = ends.every((end) => end !== undefined)
  return {
    id,
    severity: main.severity,
    kind: main.kind,
    title: main.title,
    summary: main.summary,
    startedSeconds: Math.min(...findings.map(({ startedSeconds }) => startedSeconds)),
    endedSeconds: over ? Math.max(...ends) : undefined,
    openedSeconds: Math.min(...findings.map(({ openedSeconds }) => openedSeconds)),
    findings,
  }
}

function changeOf(before: Incident | undefined, now: Incident): IncidentChange['change'] | undefined {
  if (before === undefined) return now.endedSeconds === undefined ? 'opened' : undefined
  if (now.endedSeconds !== undefined) return 'resolved'
  return severities.indexOf(now.severity) > severities.indexOf(before.severity) ? 'escalated' : undefined
}
