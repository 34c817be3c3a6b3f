import { z } from 'zod'
import { programs, rentedAddress, usualAgent, type Place } from '../elsewhere.js'
import type { Stage } from '../incident.js'
import { amount, anyHours, defineKind } from '../kind.js'
import { loginAttempt } from '../login-attempt.js'
import { moments } from '../moments.js'
import type { Random } from '../../draw/random.js'
import type { ShopEvent } from '../../traffic/shop-event.js'

/** So few of the stolen passwords fit. */
const hitShare = 0.008
const attemptsAnAddress = { min: 2, max: 4 }

/**
 * Stolen pairs of users and passwords are tried, each once: fast from one address, or slowly from hundreds, each of
 * which tries so few that no rule about one address can see it.
 */
export const credentialStuffing = defineKind({
  harmless: false,
  lastsS: [1_500, 5_400],
  hours: anyHours,
  parameters: {
    variant: z.enum(['fast', 'slow']).optional(),
    per_minute: amount(1, 10_000),
    addresses: amount(2, 5_000),
  },
  plan: (given, random) => {
    const drawn = random.pick(['fast', 'slow'] as const)
    const variant = given.variant ?? drawn
    const addresses = variant === 'fast' ? 1 : (given.addresses ?? 200 + random.below(401))
    const perMinute = given.per_minute ?? (variant === 'fast' ? 40 + random.below(81) : undefined)
    return {
      service: 'auth',
      endpoint: '/login',
      detail: `${variant}: ${addresses === 1 ? 'one address' : `${addresses} addresses`}${perMinute === undefined ? '' : `, ${perMinute} attempts a minute`}`,
      begin: (stage) => ({ others: [attempts(stage, addresses, perMinute)] }),
    }
  },
})

function* attempts(
  { shop, startUs, endUs }: Stage,
  addresses: number,
  perMinute: number | undefined,
): Generator<ShopEvent> {
  const { random, population } = shop
  const places = Array.from({ length: addresses }, () => placeOf(shop, addresses > 1))
  const perPlace = addresses === 1 ? Infinity : attemptsAnAddress.max
  const usual = (addresses * (attemptsAnAddress.min + attemptsAnAddress.max)) / 2
  const pace = { fromUs: startUs, untilUs: endUs, beat: addresses === 1 ? 'steady' : 'loose' } as const
  const minutes = (endUs - startUs) / 6e7
  const left = new Map(places.map((place) => [place, perPlace]))
  for (const atUs of moments(random, { ...pace, perMinute: perMinute ?? usual / minutes })) {
    const from = takeTurn(left, random)
    if (from === undefined) return
    const user = random.pick(population.users)
    yield loginAttempt(shop, { atUs, from, user, succeeds: random.chance(hitShare) })
  }
}

/** Somebody who has an attempt left. */
function takeTurn(left: Map<Place, number>, random: Random): Place | undefined {
  if (left.size === 0) return undefined
  const place = random.pick([...left.keys()])
  const more = (left.get(place) ?? 1) - 1
  if (more === 0) left.delete(place)
  else left.set(place, more)
  return place
}

function placeOf(shop: Stage['shop'], isUnusual: boolean): Place {
  const { random } = shop
  const userAgent = isUnusual ? random.pick(programs) : usualAgent(shop)
  return { ipAddress: rentedAddress(random), userAgent, networkMs: random.between(15, 120) }
}
