import { rentedAddress, usualAgent } from '../elsewhere.js'
import type { Stage } from '../incident.js'
import { amount, anyHours, defineKind } from '../kind.js'
import { loginAttempt } from '../login-attempt.js'
import { moments } from '../moments.js'
import { plunder, plunderMaxUs } from '../plunder.js'
import type { ShopEvent } from '../../traffic/shop-event.js'

/** The last attempt fits this long before the end, in microseconds, so that all of it lies within. */
const lastAttemptUs = 5_000_000

/** One address tries one user's passwords until one fits; then somebody looks into the account. */
export const bruteForce = defineKind({
  harmless: false,
  lastsS: [600, 1_800],
  hours: anyHours,
  parameters: { per_minute: amount(1, 10_000) },
  plan: (given, random) => {
    const perMinute = given.per_minute ?? 15 + random.below(46)
    return {
      service: 'auth',
      endpoint: '/login',
      detail: `${perMinute} attempts a minute from one address for one user, then a success`,
      begin: (stage) => ({ others: [attempts(stage, perMinute)] }),
    }
  },
})

function* attempts({ shop, startUs, endUs }: Stage, perMinute: number): Generator<ShopEvent> {
  const { random, population } = shop
  const user = random.pick(population.users)
  const from = {
    ipAddress: rentedAddress(random),
    userAgent: usualAgent(shop),
    networkMs: random.between(15, 120),
  }
  const successUs = Math.max(startUs + 1, endUs - plunderMaxUs - lastAttemptUs)
  for (const atUs of moments(random, { fromUs: startUs, untilUs: successUs, perMinute, beat: 'steady' })) {
    yield loginAttempt(shop, { atUs, user, from, succeeds: false })
  }
  const success = loginAttempt(shop, { atUs: successUs, user, from, succeeds: true })
  yield success
  yield* plunder(shop, success.who, successUs)
}
