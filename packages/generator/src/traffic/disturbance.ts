import type { ShopEvent } from './shop-event.js'

/**
 * Something out of the ordinary that is laid over the traffic. Every event passes through all disturbances on its
 * way out; incidents over time are further ones.
 */
export interface Disturbance {
  /** May change the event in place; returns what it planted, for the ground truth, or nothing. */
  apply: (event: ShopEvent) => string | undefined
}
