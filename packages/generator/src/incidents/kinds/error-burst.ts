import { busyHours, defineKind, strength } from '../kind.js'
import { answeredBy, busyServices, serviceParameter } from '../service.js'
import { breakRequest } from '../../traffic/break-request.js'

/** One service answers a share of its requests with errors of the server. */
export const errorBurst = defineKind({
  harmless: false,
  lastsS: [600, 2_400],
  hours: busyHours,
  parameters: { service: serviceParameter, share: strength(0, 1) },
  plan: (given, random) => {
    const service = given.service ?? busyServices.pick(random)
    const share = given.share ?? random.between(0.08, 0.4)
    return {
      service,
      detail: `${Math.round(share * 100)} % answered with 5xx`,
      begin: ({ shop }) => {
        const isMeant = answeredBy(service)
        return {
          change: (event) => {
            if (isMeant(event) && shop.random.chance(share)) breakRequest(event, shop.random)
            return true
          },
        }
      },
    }
  },
})
