import { z } from 'zod'
import { newcomer, programs, rentedAddress, usualAgent } from '../elsewhere.js'
import type { Stage } from '../incident.js'
import { amount, anyHours, defineKind } from '../kind.js'
import { moments } from '../moments.js'
import { request } from '../request.js'
import { calls } from '../../shop/calls.js'
import { guest, type Identity } from '../../shop/identity.js'
import type { ShopEvent } from '../../traffic/shop-event.js'

/** Who keeps no cookies is somebody new to the shop every so many requests. */
const requestsASession = 10

/** A program walks through the product pages one by one, much faster and more regularly than anybody reads. */
export const scraping = defineKind({
  harmless: false,
  lastsS: [900, 2_700],
  hours: anyHours,
  parameters: { variant: z.enum(['address', 'session']).optional(), per_minute: amount(1, 100_000) },
  plan: (given, random) => {
    const drawn = random.pick(['address', 'session'] as const)
    const variant = given.variant ?? drawn
    const perMinute = given.per_minute ?? 60 + random.below(181)
    return {
      endpoint: '/products/{id}',
      service: 'catalog',
      detail: `${variant === 'address' ? 'one address, without cookies' : 'one session'}: ${perMinute} product pages a minute`,
      begin: (stage) => ({ others: [walk(stage, variant, perMinute)] }),
    }
  },
})

function* walk(
  { shop, startUs, endUs }: Stage,
  variant: 'address' | 'session',
  perMinute: number,
): Generator<ShopEvent> {
  const { random, assortment, ids } = shop
  const userAgent = variant === 'address' ? random.pick(programs) : usualAgent(shop)
  const place = { ipAddress: rentedAddress(random), userAgent, networkMs: random.between(8, 40) }
  const newSession = (): Identity => guest(ids.next(), newcomer(shop, place))
  let who = newSession()
  let step = 0
  const first = random.below(assortment.list.length)
  for (const atUs of moments(random, { fromUs: startUs, untilUs: endUs, perMinute, beat: 'steady' })) {
    if (variant === 'address' && step % requestsASession === 0) who = newSession()
    const product = assortment.list[(first + step) % assortment.list.length]
    step += 1
    yield request(shop, { atUs, who, call: calls.product, ...(product === undefined ? {} : { product }) })
  }
}
