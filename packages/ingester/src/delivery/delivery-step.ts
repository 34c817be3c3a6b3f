import type { DeliveryEffect } from './delivery-effect.js'
import type { DeliveryState } from './delivery-state.js'

/** What follows from an event. */
export interface DeliveryStep {
  state: DeliveryState
  effects: DeliveryEffect[]
}
