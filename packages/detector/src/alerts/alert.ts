import { createHash } from 'node:crypto'
import type { Severity } from '../findings/finding.js'
import type { IncidentChange } from '../incidents/incident.js'

/** What has become of an alert. */
export const alertStates = ['pending', 'sent', 'muted', 'given_up'] as const

/** One of {@link alertStates}. */
export type AlertState = (typeof alertStates)[number]

/** One message to one receiver, as the table `alerts` has it. */
export interface Alert {
  id: string
  /** Grows with every change of the alert's state. */
  version: number
  /** Milliseconds since 1970: the judged minute that caused it. */
  createdMs: number
  incidentId: string
  /** The receiver's name. */
  receiver: string
  change: IncidentChange['change']
  severity: Severity
  title: string
  state: AlertState
  /** So far, the one that succeeded among them. */
  attempts: number
  /** Empty where none failed. */
  lastError: string
  /** Milliseconds since 1970; undefined until it has arrived. */
  sentMs: number | undefined
  /** What is sent, JSON, the same at every attempt. */
  body: string
}

/**
 * The alert of a change to a receiver: a change that is told again gives the same. An incident may become worse more than
 * once, so the severity is part of that.
 */
export function alertIdOf({ change, incident }: IncidentChange, receiver: string): string {
  const what = change === 'escalated' ? [change, incident.severity] : [change]
  return createHash('sha256')
    .update(JSON.stringify([incident.id, what, receiver]))
    .digest('hex')
    .slice(0, 32)
}
