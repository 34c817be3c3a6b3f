import { elsewhere } from '../elsewhere.js'
import type { Stage } from '../incident.js'
import { amount, defineKind, strength } from '../kind.js'
import { moments } from '../moments.js'
import { request } from '../request.js'
import { slowDown } from '../slow-down.js'
import { calls } from '../../shop/calls.js'
import { member } from '../../shop/identity.js'
import type { ShopEvent } from '../../traffic/shop-event.js'

/** Where the shop's own jobs run. */
const jobServer = { ipAddress: '10.20.9.20', userAgent: 'pulseshop-batch/1.4', networkMs: 1 }

/** A job of the shop itself exports the orders at night; meanwhile the database is somewhat slower for all. */
export const nightlyBatch = defineKind({
  harmless: true,
  lastsS: [1_200, 2_400],
  hours: [1, 4],
  parameters: { per_minute: amount(1, 10_000), factor: strength(1, 20) },
  plan: (given, random) => {
    const perMinute = given.per_minute ?? 15 + random.below(16)
    const factor = given.factor ?? random.between(1.2, 1.5)
    return {
      detail: `${perMinute} exports a minute by an internal client, database time × ${factor.toFixed(1)}`,
      begin: (stage) => ({
        change: (event) => {
          slowDown(event, ['db'], factor)
          return true
        },
        others: [exportOrders(stage, perMinute)],
      }),
    }
  },
})

function* exportOrders({ shop, startUs, endUs }: Stage, perMinute: number): Generator<ShopEvent> {
  const { random, ids, population } = shop
  const admin =
    population.users.find(({ authLevel }) => authLevel === 'admin') ?? random.pick(population.users)
  const user = elsewhere({ ...admin, authLevel: 'admin', authMethod: 'JWT' }, jobServer)
  const who = member(ids.next(), user, ids.next())
  for (const atUs of moments(random, { fromUs: startUs, untilUs: endUs, perMinute, beat: 'steady' })) {
    yield request(shop, { atUs, who, call: calls.adminOrders })
  }
}
