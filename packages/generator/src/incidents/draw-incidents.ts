import { incidentKinds, lookalikeKinds, type IncidentKind } from './incident-kind.js'
import { kinds } from './kinds.js'
import type { Random } from '../draw/random.js'
import type { WantedDraw, WantedIncident } from './scenario.js'

/** What happens is at least this far apart, in seconds, so that each is seen for itself. */
const apartS = 3 * 3_600
const minuteS = 60
const triesMax = 10_000

/** A time that is taken, in seconds from the start of the traffic. */
interface Taken {
  atS: number
  untilS: number
}

/**
 * Draws incidents and look-alikes at times that the seed decides. Their kinds take turns from seed to seed, so that
 * seeds in a row have each kind about equally often.
 *
 * @param startUs when the traffic begins, microseconds since 1970: most kinds happen at certain hours only.
 * @throws when so many do not fit into the time.
 */
export function drawIncidents(
  draw: WantedDraw,
  { seed, startUs, random }: { seed: number; startUs: number; random: Random },
): WantedIncident[] {
  const wanted = [
    ...inTurn(incidentKinds, draw.incidents, seed),
    ...inTurn(lookalikeKinds, draw.lookalikes, seed),
  ]
  const taken: Taken[] = []
  return wanted.map((kind) => {
    const place = findPlace(kind, draw, taken, startUs, random)
    taken.push(place)
    return { kind, atS: place.atS, durationS: place.untilS - place.atS, parameters: {} }
  })
}

function inTurn(all: readonly IncidentKind[], count: number, seed: number): IncidentKind[] {
  const first = (seed * count) % all.length
  return Array.from({ length: count }, (_, index) => all[(first + index) % all.length] as IncidentKind)
}

function findPlace(
  kind: IncidentKind,
  { fromS, toS }: WantedDraw,
  taken: readonly Taken[],
  startUs: number,
  random: Random,
): Taken {
  const { lastsS, hours } = kinds[kind]
  for (let tries = 0; tries < triesMax; tries += 1) {
    const atS = fromS + minuteS * random.below(Math.ceil((toS - fromS) / minuteS)) + random.below(minuteS)
    const untilS = atS + Math.round(random.between(...lastsS))
    const hour = (startUs / 3.6e9 + atS / 3_600) % 24
    const isFree = taken.every((other) => atS >= other.untilS + apartS || untilS + apartS <= other.atS)
    if (isFree && untilS <= toS && hour >= hours[0] && hour < hours[1]) return { atS, untilS }
  }
  throw new Error(`So many incidents do not fit between ${fromS} and ${toS} s; draw fewer, or for longer.`)
}
