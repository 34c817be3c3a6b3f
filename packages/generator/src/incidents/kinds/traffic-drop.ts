import { z } from 'zod'
import { busyHours, defineKind, strength } from '../kind.js'
import { answeredBy, busyServices, serviceParameter } from '../service.js'

/** How often all services are hit, where nothing is said. */
const wholeShop = 0.6

/** Requests vanish on their way to the shop, or to one of its services. */
export const trafficDrop = defineKind({
  harmless: false,
  lastsS: [600, 2_400],
  hours: busyHours,
  parameters: { service: z.union([serviceParameter, z.literal('all')]), share: strength(0, 1) },
  plan: (given, random) => {
    const drawn = random.chance(wholeShop) ? 'all' : busyServices.pick(random)
    const wanted = given.service ?? drawn
    const service = wanted === 'all' ? undefined : wanted
    const share = given.share ?? random.between(0.5, 0.95)
    return {
      service: service ?? '',
      detail: `${Math.round(share * 100)} % of the requests vanish`,
      begin: ({ shop }) => {
        const isMeant = answeredBy(service)
        return { change: (event) => !(isMeant(event) && shop.random.chance(share)) }
      },
    }
  },
})
