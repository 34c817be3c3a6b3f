import { drawIncidents } from './draw-incidents.js'
import type { Incident } from './incident.js'
import { kinds } from './kinds.js'
import { Random } from '../draw/random.js'
import type { Scenario, WantedIncident } from './scenario.js'

/** Which of the seed's sequences of numbers incidents take; the everyday has the first ones. */
const streams = { times: 1_000, strengths: 1_001 } as const

/**
 * Decides all that a scenario leaves open: the same scenario, seed and start give the same incidents, in the order of
 * time.
 *
 * @param startUs when the traffic begins, microseconds since 1970.
 * @throws when what is to be drawn does not fit into its time.
 */
export function planIncidents(scenario: Scenario, seed: number, startUs: number): Incident[] {
  const { incidents, draw } = scenario
  const random = new Random(seed, streams.times)
  const drawn = draw === undefined ? [] : drawIncidents(draw, { seed, startUs, random })
  const strengths = new Random(seed, streams.strengths)
  return [...incidents, ...drawn]
    .toSorted((a, b) => a.atS - b.atS)
    .map((wanted, index) => plan(wanted, index, startUs, strengths))
}

function plan(wanted: WantedIncident, index: number, trafficStartUs: number, random: Random): Incident {
  const { kind, atS, parameters } = wanted
  const { lastsS } = kinds[kind]
  const drawnS = Math.round(random.between(...lastsS))
  const startUs = trafficStartUs + atS * 1e6
  const { service = '', endpoint = '', detail, begin } = kinds[kind].plan(parameters, random)
  return {
    id: `${String(index + 1).padStart(3, '0')}-${kind}`,
    kind,
    harmless: kinds[kind].harmless,
    startUs,
    endUs: startUs + (wanted.durationS ?? drawnS) * 1e6,
    service,
    endpoint,
    detail,
    begin,
  }
}
