import { request } from './request.js'
import { calls } from '../shop/calls.js'
import type { Identity } from '../shop/identity.js'
import type { Shop } from '../shop/shop.js'
import type { ShopEvent } from '../traffic/shop-event.js'

/** What one does with somebody else's account, in this order. */
const steps = [calls.profile, calls.account, calls.orderList, calls.order, calls.address, calls.order]
const stepUs = { min: 2_000_000, max: 8_000_000 }

/** How long it takes at the most, in microseconds. */
export const plunderMaxUs = steps.length * stepUs.max

/** Somebody who has got into an account looks what is in it, and changes the address. */
export function* plunder(shop: Shop, who: Identity, fromUs: number): Generator<ShopEvent> {
  let atUs = fromUs
  for (const call of steps) {
    atUs += Math.round(shop.random.between(stepUs.min, stepUs.max))
    yield request(shop, { atUs, who, call })
  }
}
