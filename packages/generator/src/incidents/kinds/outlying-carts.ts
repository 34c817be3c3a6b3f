import { elsewhere } from '../elsewhere.js'
import type { Stage } from '../incident.js'
import { amount, anyHours, defineKind } from '../kind.js'
import { moments } from '../moments.js'
import { request } from '../request.js'
import { calls } from '../../shop/calls.js'
import { member, type Identity } from '../../shop/identity.js'
import type { ShopEvent } from '../../traffic/shop-event.js'

const size = { min: 100, max: 1_000 }

/** Several sessions fill carts as nobody does: somebody buys up the stock, or a price is wrong. */
export const outlyingCarts = defineKind({
  harmless: false,
  lastsS: [600, 2_400],
  hours: anyHours,
  parameters: { sessions: amount(1, 1_000), per_minute: amount(1, 10_000) },
  plan: (given, random) => {
    const sessions = given.sessions ?? 6 + random.below(10)
    const perMinute = given.per_minute ?? 4 + random.below(7)
    return {
      service: 'cart',
      detail: `${sessions} sessions with ${size.min} to ${size.max} items, ${perMinute} requests a minute`,
      begin: (stage) => ({ others: [fill(stage, sessions, perMinute)] }),
    }
  },
})

function* fill({ shop, startUs, endUs }: Stage, sessions: number, perMinute: number): Generator<ShopEvent> {
  const { random, population, ids } = shop
  const buyers = Array.from({ length: sessions }, () => {
    const user = random.pick(population.users)
    const who: Identity = member(ids.next(), elsewhere(user, user), ids.next())
    return { who, cartSize: size.min + random.below(size.max - 200) }
  })
  for (const atUs of moments(random, { fromUs: startUs, untilUs: endUs, perMinute, beat: 'loose' })) {
    const buyer = random.pick(buyers)
    buyer.cartSize = Math.min(size.max, buyer.cartSize + random.below(30))
    const call = random.pick([calls.addToCart, calls.addToCart, calls.cart, calls.checkout])
    yield request(shop, { atUs, call, ...buyer })
  }
}
