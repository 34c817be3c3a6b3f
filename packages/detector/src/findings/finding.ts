import type { FindingKind } from '@pulsehouse/platform'

/** How bad it is, the mildest first. Only `warning` and `critical` wake people. */
export const severities = ['info', 'warning', 'critical'] as const

/** One of {@link severities}. */
export type Severity = (typeof severities)[number]

/** Who did it, where one can be named. */
export interface Entity {
  type: 'ip_address' | 'ip_network' | 'user' | 'session'
  /** A pseudonym, as stored. */
  value: string
}

/** A value of a dimension that explains part of a change. */
export interface Cause {
  dimension: 'service' | 'endpoint' | 'status_code' | 'server' | 'detail' | 'ip_network' | 'browser' | 'part'
  value: string
  /** Of the change, from 0 to 1. */
  share: number
  observed: number
  expected: number
}

/**
 * Something is not as it should be, in the words of whoever has to act. A finding has versions: it opens, may get worse,
 * and is resolved; the newest is what counts.
 */
export interface Finding {
  /** Of rule, subject and first minute; a minute that is judged again gives the same. */
  id: string
  /** The id of the finding that opened the incident. */
  incidentId: string
  rule: string
  kind: FindingKind
  severity: Severity
  /** Empty where all are meant. */
  service: string
  /** Empty where all are meant. */
  endpoint: string
  entity: Entity | undefined
  metric: string
  /** `ms`, `events/min`, `ratio`, `count`. */
  unit: string
  /** Seconds since 1970: the first minute that is part of it. */
  startedSeconds: number
  /** Seconds since 1970: the end of the last minute that is part of it; undefined while it goes on. */
  endedSeconds: number | undefined
  /** Seconds since 1970: the closed minute by which this version was written. */
  judgedSeconds: number
  /** Seconds since 1970: the closed minute by which the first version was written. */
  openedSeconds: number
  /** Milliseconds since 1970: when the first version was written. */
  detectedMs: number
  /** What this version means for people; undefined where it is nothing new for them. */
  incidentChange: 'opened' | 'escalated' | 'resolved' | undefined
  /** The worst value so far. */
  observed: number
  expected: number
  expectedLow: number
  expectedHigh: number
  /** What the expectation was made from, for people. */
  baseline: string
  score: number
  title: string
  /** What happened, where and how bad, in a sentence or two. */
  summary: string
  /** The largest share first. */
  causes: readonly Cause[]
  /** `request_id` of events to look at. */
  exampleRequests: readonly string[]
}
