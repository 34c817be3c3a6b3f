import { busyHours, defineKind, strength } from '../kind.js'
import { answeredBy, busyServices, serviceParameter } from '../service.js'
import { slowDown } from '../slow-down.js'

/** One service becomes slower and slower, as with a leak, until somebody starts it again. */
export const slowDegradation = defineKind({
  harmless: false,
  lastsS: [7_200, 21_600],
  hours: [busyHours[0], 18],
  parameters: { service: serviceParameter, factor: strength(1, 100) },
  plan: (given, random) => {
    const service = given.service ?? busyServices.pick(random)
    const factor = given.factor ?? random.between(2, 4)
    return {
      service,
      detail: `server and database time rise to × ${factor.toFixed(1)}`,
      begin: ({ startUs, endUs }) => {
        const isMeant = answeredBy(service)
        return {
          change: (event) => {
            const passed = (event.atUs - startUs) / (endUs - startUs)
            if (isMeant(event)) slowDown(event, ['db', 'server'], 1 + passed * (factor - 1))
            return true
          },
        }
      },
    }
  },
})
