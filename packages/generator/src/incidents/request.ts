import type { Product } from '../shop/assortment.js'
import type { Call } from '../shop/call.js'
import type { Identity } from '../shop/identity.js'
import { outcomes, type Outcome } from '../shop/outcome.js'
import { servers } from '../shop/servers.js'
import type { Shop } from '../shop/shop.js'
import type { ShopEvent } from '../traffic/shop-event.js'

/** A request that is no step of a visit; what is absent is drawn or follows from the call. */
export interface Wish {
  atUs: number
  who: Identity
  call: Call
  outcome?: Outcome
  url?: string
  product?: Product
  cartSize?: number
}

/** Makes one request of somebody who does not walk through the shop as visitors do. */
export function request(shop: Shop, wish: Wish): ShopEvent {
  const { random, ids, latency, assortment } = shop
  const { atUs, who, call, cartSize } = wish
  const product = wish.product ?? assortment.products.pick(random)
  const outcome = wish.outcome ?? call.endings.pick(random)
  return {
    atUs,
    who,
    outcome,
    cartSize,
    requestId: ids.next(),
    correlationId: ids.next(),
    deed: call.deed,
    url: wish.url ?? urlOf(shop, call, product),
    referrer: undefined,
    server: random.pick(servers[call.service]),
    ...latency.draw(call.latency, who.user.networkMs),
    product: call.namesProduct ? product : undefined,
    checkoutStatus: call.ofCheckout ? statusOf(call, outcome) : undefined,
  }
}

function urlOf(shop: Shop, call: Call, product: Product): string {
  const { random, assortment } = shop
  return call.url({
    product,
    category: assortment.categories.pick(random),
    searchTerm: assortment.searchTerms.pick(random),
    orderNumber: shop.pastOrder(),
    resultPage: 1 + random.below(3),
    cartLine: 1,
  })
}

function statusOf(call: Call, outcome: Outcome): ShopEvent['checkoutStatus'] {
  if (call.effect !== 'order') return 'pending'
  return outcome.statusCode < 400 && outcome !== outcomes.declined ? 'completed' : 'failed'
}
