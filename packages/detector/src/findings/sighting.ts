import type { Entity, Severity } from './finding.js'
import type { FindingKind } from '@pulsehouse/platform'

/** What a rule says of one minute: this is going on. Of many sightings of one subject a finding is made. */
export interface Sighting {
  rule: string
  kind: FindingKind
  severity: Severity
  service: string
  endpoint: string
  entity: Entity | undefined
  metric: string
  unit: string
  /** Seconds since 1970: the first and the last minute in which it was so. */
  startedSeconds: number
  lastSeconds: number
  observed: number
  expected: number
  expectedLow: number
  expectedHigh: number
  baseline: string
  score: number
  title: string
  summary: string
}

/** Whose findings are one: the same rule about the same subject. */
export function subjectOf({
  rule,
  service,
  endpoint,
  entity,
}: Pick<Sighting, 'rule' | 'service' | 'endpoint' | 'entity'>): string {
  return [rule, service, endpoint, entity?.type ?? '', entity?.value ?? ''].join('|')
}
