import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../tests/support/temporary-folder.js'
import { startUs } from './draw.js'
import { incidentKinds, lookalikeKinds } from '../src/incidents/incident-kind.js'
import { planIncidents } from '../src/incidents/plan-incidents.js'
import { parseScenario, readScenario } from '../src/incidents/read-scenario.js'

const hourUs = 3.6e9
const dayUs = 24 * hourUs
const seeds = Array.from({ length: 20 }, (_, index) => index + 1)
const drawn = seeds.map((seed) => planIncidents(readScenario('fortnight'), seed, startUs))

test('twenty seeds of the fortnight have 100 incidents and 60 look-alikes, each kind about equally often', () => {
  const all = drawn.flat()
  const times = (kind: string): number => all.filter((incident) => incident.kind === kind).length
  expect(all.filter(({ harmless }) => !harmless)).toHaveLength(100)
  expect(all.filter(({ harmless }) => harmless)).toHaveLength(60)
  for (const kind of incidentKinds) expect([8, 9]).toContain(times(kind))
  for (const kind of lookalikeKinds) expect(times(kind)).toBe(15)
})

test('each fortnight is clean for four days, and what happens then is three hours apart', () => {
  for (const incidents of drawn) {
    expect(incidents).toHaveLength(8)
    let beforeUs = startUs + 4 * dayUs - 3 * hourUs
    for (const { startUs: fromUs, endUs } of incidents) {
      expect(fromUs - beforeUs).toBeGreaterThanOrEqual(3 * hourUs)
      beforeUs = endUs
    }
    expect(beforeUs).toBeLessThanOrEqual(startUs + 14 * dayUs)
  }
  expect(new Set(drawn.map(([first]) => first?.startUs)).size).toBe(20)
})

test('the same seed and start plan the same incidents, strengths included', () => {
  const plan = (seed: number) => JSON.stringify(planIncidents(readScenario('fortnight'), seed, startUs))
  expect(plan(3)).toBe(plan(3))
  expect(plan(3)).not.toBe(plan(4))
})

test('the showcase has each kind once within two hours, from the tenth minute on, one after the other', () => {
  const incidents = planIncidents(readScenario('showcase'), 1, startUs)
  expect(incidents.map(({ kind }) => kind).toSorted()).toEqual(
    [...incidentKinds, ...lookalikeKinds].toSorted(),
  )
  let beforeUs = startUs + 600e6
  for (const { startUs: fromUs, endUs } of incidents) {
    expect(fromUs).toBeGreaterThanOrEqual(beforeUs)
    beforeUs = endUs
  }
  expect(beforeUs).toBeLessThanOrEqual(startUs + 2 * hourUs)
})

test('a file says what happens when, and what it leaves open is drawn', () => {
  const path = join(temporaryFolder(), 'black-friday.yaml')
  writeFileSync(path, 'incidents:\n  - { kind: error_burst, at: 1h30m, service: cart }\n')
  const scenario = readScenario(path)
  expect(scenario.name).toBe('black-friday')
  const [incident] = planIncidents(scenario, 5, startUs)
  expect(incident).toMatchObject({ kind: 'error_burst', harmless: false, service: 'cart' })
  expect(incident?.startUs).toBe(startUs + 1.5 * hourUs)
  const lastedUs = (incident?.endUs ?? 0) - (incident?.startUs ?? 0)
  expect(lastedUs).toBeGreaterThanOrEqual(600e6)
  expect(lastedUs).toBeLessThanOrEqual(2_400e6)
})

test.for([
  ['incidents: [', 1, /flow|sequence|collection/i],
  ['incidents:\n  - { kind: earthquake, at: 1h }', 2, /must have a kind: latency_regression/],
  ['incidents:\n  - kind: scanner\n    at: soon', 3, /at: must be a length of time/],
  ['incidents:\n  - kind: scanner\n    at: 1h\n    speed: 3', 4, /speed/],
  [
    'incidents:\n  - { kind: scanner, at: 1h }\n  - kind: error_burst\n    at: 2h\n    share: 3',
    5,
    /share: .*1/,
  ],
  ['incidents:\n  - kind: error_burst\n    at: 2h\n    service: kitchen', 4, /service: /],
  ['incidents:\n  - kind: scanner', 2, /at: must be a length of time/],
  ['# nothing\nplan: {}', 2, /plan/],
  ['draw:\n  incidents: 1\n  lookalikes: 0\n  from: 2d\n  to: 1d', 5, /to: must be later than from/],
] as const)('a wrong file is refused with line and reason: %s', ([text, line, reason]) => {
  expect(() => parseScenario(text, 'mine.yaml')).toThrow(reason)
  expect(() => parseScenario(text, 'mine.yaml')).toThrow(`mine.yaml, line ${line}: `)
})

test('every violation is told, and a scenario that is not there is refused with what there is', () => {
  const text = 'incidents:\n  - { kind: scanner, at: x }\n  - { kind: scanner, at: y }'
  expect(() => parseScenario(text, 'mine.yaml')).toThrow(/line 2: .*\n.*line 3: /)
  expect(() => readScenario('friday')).toThrow('must be fortnight, showcase or a file that exists')
})

test('more than fits is refused', () => {
  const draw = { incidents: 20, lookalikes: 0, fromS: 0, toS: 86_400 }
  expect(() => planIncidents({ incidents: [], draw }, 1, startUs)).toThrow('do not fit')
})
