import type { Random } from '../draw/random.js'
import { serverErrors } from '../shop/outcome.js'
import type { ShopEvent } from './shop-event.js'

/** Lets a request end with an error of the server; an order is not placed then. */
export function breakRequest(event: ShopEvent, random: Random): void {
  event.outcome = random.pick(serverErrors)
  if (event.checkoutStatus === 'completed') event.checkoutStatus = 'failed'
}
