import { severities, type Severity } from '../findings/finding.js'
import type { Incident, IncidentChange } from '../incidents/incident.js'
import { alertIdOf, type Alert, type AlertState } from './alert.js'
import type { Receiver } from './receiver.js'

/** An alert of before, as far as it decides on others. */
export type KnownAlert = Pick<Alert, 'id' | 'incidentId' | 'receiver' | 'state'>

/** What alerts are planned by. */
export interface AlertPlan {
  receivers: readonly Receiver[]
  /** All alerts of the incidents that have changed. */
  known: readonly KnownAlert[]
  isMuted: (incident: Incident) => boolean
  /** What a receiver is sent. */
  bodyFor: (receiver: Receiver, alertId: string, told: IncidentChange) => string
}

/**
 * The alerts that changes of incidents make, without those that there are. Nobody is told of the end of something that
 * they were not told of: it was too mild for them, or muted.
 */
export function planAlerts(changes: readonly IncidentChange[], plan: AlertPlan): Alert[] {
  const known = [...plan.known]
  const planned: Alert[] = []
  for (const told of changes) {
    for (const receiver of plan.receivers) {
      const id = alertIdOf(told, receiver.name)
      if (known.some((alert) => alert.id === id)) continue
      const before = known.filter(
        (alert) => alert.incidentId === told.incident.id && alert.receiver === receiver.name,
      )
      const state = stateOf(told, receiver, before, plan.isMuted(told.incident))
      if (state === undefined) continue
      const alert = alertOf(told, receiver, { id, state, body: plan.bodyFor(receiver, id, told) })
      known.push(alert)
      planned.push(alert)
    }
  }
  return planned
}

/** Undefined where a receiver has nothing to do with it. */
function stateOf(
  { change, incident }: IncidentChange,
  { min_severity: minSeverity }: Receiver,
  before: readonly KnownAlert[],
  muted: boolean,
): AlertState | undefined {
  if (change !== 'resolved') {
    if (rankOf(incident.severity) < rankOf(minSeverity)) return undefined
    return muted ? 'muted' : 'pending'
  }
  if (before.length === 0) return undefined
  return muted || before.every(({ state }) => state === 'muted') ? 'muted' : 'pending'
}

function rankOf(severity: Severity): number {
  return severities.indexOf(severity)
}

function alertOf(
  { change, incident, judgedSeconds }: IncidentChange,
  receiver: Receiver,
  rest: Pick<Alert, 'id' | 'state' | 'body'>,
): Alert {
  return {
    ...rest,
    version: 1,
    createdMs: judgedSeconds * 1000,
    incidentId: incident.id,
    receiver: receiver.name,
    change,
    severity: incident.severity,
    title: incident.title,
    attempts: 0,
    lastError: '',
    sentMs: undefined,
  }
}
