import { z } from 'zod'
import { neighbours, usualAgent, type Place } from '../elsewhere.js'
import type { Stage } from '../incident.js'
import { amount, anyHours, defineKind } from '../kind.js'
import { loginAttempt } from '../login-attempt.js'
import { moments } from '../moments.js'
import type { ShopEvent } from '../../traffic/shop-event.js'

const hitShare = 0.002
const neighboursMax = 16

/** A few usual passwords are tried for very many users in turn, so that no user sees more than one attempt in a while. */
export const passwordSpraying = defineKind({
  harmless: false,
  lastsS: [1_800, 5_400],
  hours: anyHours,
  parameters: {
    variant: z.enum(['address', 'network']).optional(),
    per_minute: amount(1, 10_000),
    users: amount(2, 1_000_000),
  },
  plan: (given, random) => {
    const drawn = random.pick(['address', 'network'] as const)
    const variant = given.variant ?? drawn
    const addresses = variant === 'address' ? 1 : 5 + random.below(neighboursMax - 4)
    const perMinute = given.per_minute ?? 12 + random.below(25)
    const users = given.users ?? 300 + random.below(601)
    return {
      service: 'auth',
      endpoint: '/login',
      detail: `${variant}: ${users} users in turn, ${perMinute} attempts a minute from ${addresses === 1 ? 'one address' : `${addresses} addresses of one network`}`,
      begin: (stage) => ({ others: [attempts(stage, { addresses, perMinute, users })] }),
    }
  },
})

function* attempts(
  { shop, startUs, endUs }: Stage,
  strength: { addresses: number; perMinute: number; users: number },
): Generator<ShopEvent> {
  const { random, population } = shop
  const userAgent = usualAgent(shop)
  const networkMs = random.between(15, 120)
  const places = neighbours(random, strength.addresses).map((ipAddress): Place => {
    return { ipAddress, userAgent, networkMs }
  })
  const users = Array.from({ length: strength.users }, () => random.pick(population.users))
  const { perMinute } = strength
  let turn = 0
  for (const atUs of moments(random, { fromUs: startUs, untilUs: endUs, perMinute, beat: 'steady' })) {
    const user = users[turn % users.length] ?? random.pick(users)
    turn += 1
    yield loginAttempt(shop, { atUs, user, from: random.pick(places), succeeds: random.chance(hitShare) })
  }
}
