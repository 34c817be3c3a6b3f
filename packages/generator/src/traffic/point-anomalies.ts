import { breakRequest } from './break-request.js'
import { describeDeed } from '../shop/deed.js'
import type { Disturbance } from './disturbance.js'
import type { Random } from '../draw/random.js'
import type { ShopEvent } from './shop-event.js'

/** What is planted into single events, by the name that it has in the ground truth. */
export type PointAnomaly = 'response_time_spike' | 'unusual_action' | 'outlying_cart_size' | 'system_error'

const unusualActions = [
  'unusual_action',
  'export_customers',
  'debug_console',
  'bulk_download',
  'replay_order',
]

const planters: { [kind in PointAnomaly]: (event: ShopEvent, random: Random) => void } = {
  /** The total becomes 5 to 10 seconds; the database is to blame, so the parts still add up. */
  response_time_spike: (event, random) => {
    const totalUs = Math.round(random.between(500_000, 1_000_000)) * 10
    event.dbUs = Math.max(totalUs - event.serverUs - event.networkUs, event.dbUs)
  },
  unusual_action: (event, random) => {
    event.deed = describeDeed(event.deed.method, random.pick(unusualActions))
  },
  outlying_cart_size: (event, random) => {
    event.cartSize = 100 + random.below(901)
  },
  system_error: breakRequest,
}
const kinds = Object.keys(planters) as PointAnomaly[]

/** Makes some events anomalous, each with the given probability and at most in one way. */
export function pointAnomalies(random: Random, probability: number): Disturbance {
  return {
    apply: (event) => {
      if (!random.chance(probability)) return undefined
      const kind = random.pick(kinds)
      planters[kind](event, random)
      return kind
    },
  }
}
