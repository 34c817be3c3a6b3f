import { defineKind, strength } from '../kind.js'
import { answeredBy, busyServices, serviceParameter } from '../service.js'
import { slowDown } from '../slow-down.js'
import { breakRequest } from '../../traffic/break-request.js'

/** A new version is rolled out: for less than a minute some requests fail and the others take longer. */
export const deployBlip = defineKind({
  harmless: true,
  lastsS: [20, 60],
  hours: [8, 20],
  parameters: { service: serviceParameter, share: strength(0, 1), factor: strength(1, 100) },
  plan: (given, random) => {
    const service = given.service ?? busyServices.pick(random)
    const share = given.share ?? random.between(0.1, 0.3)
    const factor = given.factor ?? random.between(1.5, 2.5)
    return {
      service,
      detail: `${Math.round(share * 100)} % answered with 5xx, times × ${factor.toFixed(1)}`,
      begin: ({ shop }) => {
        const isMeant = answeredBy(service)
        return {
          change: (event) => {
            if (!isMeant(event)) return true
            slowDown(event, ['db', 'server'], factor)
            if (shop.random.chance(share)) breakRequest(event, shop.random)
            return true
          },
        }
      },
    }
  },
})
