import type { Finding, Severity } from '../findings/finding.js'
import type { FindingKind } from '@pulsehouse/platform'

/** Findings that belong together, told as one. */
export interface Incident {
  /** The id of the finding that opened it. */
  id: string
  severity: Severity
  kind: FindingKind
  title: string
  summary: string
  startedSeconds: number
  /** Undefined while one of its findings goes on. */
  endedSeconds: number | undefined
  /** Seconds since 1970: the closed minute by which it was opened; people were told when that minute had ended. */
  openedSeconds: number
  findings: readonly Finding[]
}

/** What people are told of an incident: that it is there, that it has become worse, that it is over. */
export interface IncidentChange {
  change: 'opened' | 'escalated' | 'resolved'
  incident: Incident
  /** Seconds since 1970: the closed minute that caused it. */
  judgedSeconds: number
}
