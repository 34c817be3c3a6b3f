import { describe, expect, test } from 'vitest'
import { FindingBook } from '../../src/findings/finding-book.js'
import type { Sighting } from '../../src/findings/sighting.js'
import { IncidentBook } from '../../src/incidents/incident-book.js'
import type { IncidentChange } from '../../src/incidents/incident.js'

const sighting = (at: number, part: Partial<Sighting> = {}): Sighting => ({
  rule: 'error_burst',
  kind: 'error_burst',
  severity: 'warning',
  service: 'web',
  endpoint: '',
  entity: undefined,
  metric: 'server_error_ratio',
  unit: 'ratio',
  startedSeconds: 0,
  lastSeconds: at * 60,
  observed: 0.2,
  expected: 0.01,
  expectedLow: 0,
  expectedHigh: 0.03,
  baseline: 'the last day',
  score: 5,
  title: 'Server errors',
  summary: 'Some.',
  ...part,
})

/** Both books over the minutes of a list; says what people are told in each. */
function told(minutes: readonly (readonly Sighting[])[]): { changes: IncidentChange[][]; versions: number } {
  const [findings, incidents] = [new FindingBook(180), new IncidentBook()]
  let versions = 0
  const changes = minutes.map((sightings, at) => {
    const changed = findings.add(at * 60, sightings, (finding) => incidents.incidentOf(finding))
    versions += changed.length
    return incidents.add(at * 60, changed)
  })
  return { changes, versions }
}

describe('findings and incidents', () => {
  test('one thing that goes on is told once, and once that it is over', () => {
    const { changes, versions } = told([[sighting(0)], [sighting(1)], [sighting(2)], [], [], [], []])
    expect(changes.map((ones) => ones.map(({ change }) => change))).toEqual([
      ['opened'],
      [],
      [],
      [],
      [],
      ['resolved'],
      [],
    ])
    expect(changes[5]?.[0]?.incident).toMatchObject({
      startedSeconds: 0,
      endedSeconds: 180,
      openedSeconds: 0,
    })
    expect(versions).toBe(2)
  })

  test('what becomes more severe is told again, what becomes milder is not', () => {
    const { changes } = told([[sighting(0)], [sighting(1, { severity: 'critical' })], [sighting(2)]])
    expect(changes.map((ones) => ones.map(({ change }) => change))).toEqual([['opened'], ['escalated'], []])
  })

  test('what happens to one service in one minute is one incident', () => {
    const { changes } = told([
      [sighting(0), sighting(0, { rule: 'latency', kind: 'latency_regression', severity: 'critical' })],
    ])
    expect(changes[0]).toHaveLength(1)
    expect(changes[0]?.[0]?.incident).toMatchObject({ severity: 'critical', kind: 'latency_regression' })
    expect(changes[0]?.[0]?.incident.findings).toHaveLength(2)
  })

  test('what happens to another service is another incident, if it does not happen to all', () => {
    expect(told([[sighting(0), sighting(0, { service: 'cart' })]]).changes[0]).toHaveLength(2)
    expect(told([[sighting(0, { service: '' }), sighting(0, { service: 'cart' })]]).changes[0]).toHaveLength(
      1,
    )
  })

  test('an attack takes along what it does to its service', () => {
    const attack = sighting(0, {
      rule: 'credential_stuffing',
      kind: 'credential_stuffing',
      service: 'auth',
      entity: { type: 'ip_address', value: 'a' },
    })
    const { changes } = told([[attack], [sighting(1, { service: 'auth' })]])
    expect(changes.map((ones) => ones.length)).toEqual([1, 0])
  })

  test('another attack, and errors long after a silence, are told of their own', () => {
    const attack = (value: string): Sighting =>
      sighting(0, {
        rule: 'brute_force',
        kind: 'brute_force',
        service: 'auth',
        entity: { type: 'user', value },
      })
    expect(told([[attack('a'), attack('b')]]).changes[0]).toHaveLength(2)
    const silence = sighting(0, { rule: 'traffic_drop', kind: 'no_events', service: '' })
    const { changes } = told([
      [silence],
      [{ ...silence, lastSeconds: 60 }, sighting(1, { startedSeconds: 1_200 })],
    ])
    expect(changes.map((ones) => ones.length)).toEqual([1, 1])
  })

  test('what wakes people is not hidden under what wakes nobody', () => {
    const { changes } = told([
      [sighting(0, { rule: 'surge', kind: 'traffic_surge', severity: 'info', service: '' })],
      [sighting(1)],
    ])
    expect(changes[1]).toMatchObject([{ change: 'opened', incident: { severity: 'warning' } }])
  })

  test('a minute that is judged again gives the same ids', () => {
    const ids = (): string[] =>
      told([[sighting(0), sighting(0, { service: 'cart' })]])
        .changes.flat()
        .map(({ incident }) => incident.id)
    expect(ids()).toEqual(ids())
    expect(new Set(ids()).size).toBe(2)
  })
})
