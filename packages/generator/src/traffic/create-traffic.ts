import { dayCurve, type RateCurve } from './day-curve.js'
import { EventfulTraffic } from '../incidents/eventful-traffic.js'
import type { Incident } from '../incidents/incident.js'
import { pointAnomalies } from './point-anomalies.js'
import { Random } from '../draw/random.js'
import { createShop, shopForOthers } from '../shop/shop.js'
import { Traffic, type EventSource, type Planted } from './traffic.js'

/** What decides which events there will be: the same options give the same events. */
export interface TrafficOptions {
  /** A whole number. */
  seed: number
  /** When the first events happen, in microseconds since 1970. */
  startUs: number
  /** Events a second, on average over a day. */
  ratePerS: number
  /** How many users the shop has; when absent, as many as the rate needs. */
  users?: number | undefined
  /** Probability that an event is anomalous, from 0 to 1. */
  anomalyRate?: number
  /** The rhythm of the rate; that of a day when absent. */
  curve?: RateCurve
  /** What happens beside the everyday. */
  incidents?: readonly Incident[]
  /** Told of every planted anomaly, right after its event was drawn. */
  onPlanted?: (planted: Planted) => void
}

const usersMin = 5_000
const usersMax = 200_000

/** So many users for each event a second: about five times as many as are in the shop at once. */
const usersAnEventPerS = 25

/** The seed's sequences of numbers from which each incident takes one. */
const incidentStream = 2_000

/** Opens a shop and its traffic. */
export function createTraffic(options: TrafficOptions): EventSource {
  const { seed, startUs, ratePerS, anomalyRate = 0, curve = dayCurve, onPlanted = () => undefined } = options
  const enough = Math.round(ratePerS * usersAnEventPerS)
  const users = options.users ?? Math.min(Math.max(usersMin, enough), usersMax)
  const disturbances = [pointAnomalies(new Random(seed, 3), anomalyRate)]
  const shop = createShop(seed, users)
  const everyday = (onPlanted: (planted: Planted) => void): Traffic =>
    new Traffic({ shop, startUs, ratePerS, curve, disturbances, onPlanted })
  const { incidents = [] } = options
  if (incidents.length === 0) return everyday(onPlanted)
  return new EventfulTraffic({
    everyday,
    incidents,
    onPlanted,
    stageOf: ({ startUs, endUs }, index, visitors) => {
      return { shop: shopForOthers(shop, new Random(seed, incidentStream + index)), startUs, endUs, visitors }
    },
  })
}
