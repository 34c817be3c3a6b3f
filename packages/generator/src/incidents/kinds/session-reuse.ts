import { elsewhere, rentedAddress, usualAgent } from '../elsewhere.js'
import type { Stage } from '../incident.js'
import { amount, anyHours, defineKind } from '../kind.js'
import { moments } from '../moments.js'
import { request } from '../request.js'
import { calls } from '../../shop/calls.js'
import { member } from '../../shop/identity.js'
import type { ShopEvent } from '../../traffic/shop-event.js'

const ofOwner = [calls.product, calls.category, calls.search, calls.home, calls.cart, calls.reviews]
const ofThief = [calls.account, calls.orderList, calls.order, calls.profile, calls.product, calls.addToCart]

/** Somebody has a customer's session: two browsers in two networks use it at once. */
export const sessionReuse = defineKind({
  harmless: false,
  lastsS: [600, 1_800],
  hours: anyHours,
  parameters: { per_minute: amount(1, 1_000) },
  plan: (given, random) => {
    const perMinute = given.per_minute ?? 3 + random.below(4)
    return {
      detail: `one session from two networks and two agents, ${perMinute} requests a minute each`,
      begin: (stage) => ({ others: use(stage, perMinute) }),
    }
  },
})

function use(stage: Stage, perMinute: number): Generator<ShopEvent>[] {
  const { shop } = stage
  const { random, ids, population } = shop
  const owner = random.pick(population.users)
  const [sessionId, token] = [ids.next(), ids.next()]
  const place = {
    ipAddress: rentedAddress(random),
    userAgent: otherAgent(shop, owner.userAgent),
    networkMs: random.between(15, 120),
  }
  const users = [
    { user: owner, calls: ofOwner },
    { user: elsewhere(owner, place), calls: ofThief },
  ]
  return users.map(({ user, calls }) => browse(stage, member(sessionId, user, token), calls, perMinute))
}

function otherAgent(shop: Stage['shop'], agent: string): string {
  for (;;) {
    const other = usualAgent(shop)
    if (other !== agent) return other
  }
}

function* browse(
  { shop, startUs, endUs }: Stage,
  who: ReturnType<typeof member>,
  own: readonly (typeof calls)[keyof typeof calls][],
  perMinute: number,
): Generator<ShopEvent> {
  const { random } = shop
  for (const atUs of moments(random, { fromUs: startUs, untilUs: endUs, perMinute, beat: 'loose' })) {
    yield request(shop, { atUs, who, call: random.pick(own) })
  }
}
