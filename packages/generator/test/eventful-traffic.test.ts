import { expect, test } from 'vitest'
import { createTraffic } from '../src/index.js'
import { incidentKinds, lookalikeKinds } from '../src/incidents/incident-kind.js'
import { planIncidents } from '../src/incidents/plan-incidents.js'
import { readScenario } from '../src/incidents/read-scenario.js'
import { drawSpan, startUs } from './draw.js'
import { planOne, staged } from './staged.js'

const incidents = planIncidents(readScenario('showcase'), 7, startUs)
const twoHoursS = 7_200
const showcase = drawSpan(twoHoursS, { ratePerS: 4, incidents })

test('the same seed, start and scenario give the same bytes', () => {
  expect(drawSpan(twoHoursS, { ratePerS: 4, incidents })).toEqual(showcase)
})

test('events tell nothing of what was planted', () => {
  const known = new Set(drawSpan(1_200, { ratePerS: 4 }).flatMap((line) => Object.keys(JSON.parse(line))))
  const found = new Set(showcase.flatMap((line) => Object.keys(JSON.parse(line))))
  expect([...found].filter((name) => !known.has(name))).toEqual([])
  const names = [
    ...incidentKinds,
    ...lookalikeKinds,
    'showcase',
    'incident',
    'planted',
    'harmless',
    'scenario',
  ]
  const telling = new RegExp(names.join('|'), 'i')
  expect(showcase.filter((line) => telling.test(line))).toEqual([])
})

test('times never go back, with incidents one after the other', () => {
  const times = showcase.map((line) => /"timestamp":"([^"]+)"/.exec(line)?.[1] ?? '')
  expect(times).toEqual(times.toSorted())
})

test('anomalies are told of only where their event did not vanish', () => {
  const told: string[] = []
  const traffic = createTraffic({
    seed: 7,
    startUs,
    ratePerS: 20,
    anomalyRate: 0.2,
    incidents: planOne('traffic_drop', { service: 'all', share: 0.9 }),
    onPlanted: ({ event }) => told.push(String(event.requestId)),
  })
  const seen = new Set<string>()
  while (traffic.nextAtUs < startUs + 900e6) seen.add(String(traffic.next().requestId))
  expect(told.length).toBeGreaterThan(500)
  expect(told.filter((id) => !seen.has(id))).toEqual([])
})

test('after a standstill nothing happens that belongs before it, and the incident goes on', () => {
  const incidents = planOne('scanner', { per_minute: 600 })
  const traffic = createTraffic({ seed: 7, startUs, ratePerS: 20, incidents })
  const duringUs = startUs + (staged.atS + 60) * 1e6
  while (traffic.nextAtUs < duringUs) traffic.next()
  const laterUs = duringUs + 120e6
  traffic.skipTo(laterUs)
  let missing = 0
  for (let events = 0; events < 500; events += 1) {
    const { atUs, outcome } = traffic.next()
    expect(atUs).toBeGreaterThanOrEqual(laterUs)
    missing += Number(outcome.statusCode === 404)
  }
  expect(missing).toBeGreaterThan(50)
})

test('an incident that begins during a standstill begins with its end', () => {
  const incidents = planOne('scanner', { per_minute: 600 })
  const traffic = createTraffic({ seed: 7, startUs, ratePerS: 20, incidents })
  const laterUs = startUs + (staged.atS + staged.durationS / 2) * 1e6
  traffic.skipTo(laterUs)
  for (let events = 0; events < 500; events += 1) expect(traffic.next().atUs).toBeGreaterThanOrEqual(laterUs)
})
