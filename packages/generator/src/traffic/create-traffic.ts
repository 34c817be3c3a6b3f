import { dayCurve, type RateCurve } from './day-curve.js'
import { pointAnomalies } from './point-anomalies.js'
import { Random } from '../draw/random.js'
import { createShop } from '../shop/shop.js'
import { Traffic, type Planted } from './traffic.js'

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
  /** Told of every planted anomaly, right after its event was drawn. */
  onPlanted?: (planted: Planted) => void
}

const usersMin = 5_000
const usersMax = 200_000

/** So many users for each event a second: about five times as many as are in the shop at once. */
const usersAnEventPerS = 25

/** Opens a shop and its traffic. */
export function createTraffic(options: TrafficOptions): Traffic {
  const { seed, startUs, ratePerS, anomalyRate = 0, curve = dayCurve, onPlanted = () => undefined } = options
  const enough = Math.round(ratePerS * usersAnEventPerS)
  const users = options.users ?? Math.min(Math.max(usersMin, enough), usersMax)
  const disturbances = [pointAnomalies(new Random(seed, 3), anomalyRate)]
  return new Traffic({ shop: createShop(seed, users), startUs, ratePerS, curve, disturbances, onPlanted })
}
