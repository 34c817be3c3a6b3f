import { z } from 'zod'
import { defineKind, strength } from '../kind.js'
import { outcomes } from '../../shop/outcome.js'
import { breakRequest } from '../../traffic/break-request.js'

/** Orders fail: the payment is declined, or the checkout breaks. Whoever has no order gets no receipt. */
export const checkoutFailures = defineKind({
  harmless: false,
  lastsS: [600, 2_400],
  hours: [9, 22],
  parameters: { variant: z.enum(['declined', 'broken']).optional(), share: strength(0, 1) },
  plan: (given, random) => {
    const drawn = random.pick(['declined', 'broken'] as const)
    const variant = given.variant ?? drawn
    const share = given.share ?? random.between(0.4, 0.9)
    return {
      service: 'checkout',
      endpoint: '/orders',
      detail: `${variant}: ${Math.round(share * 100)} % of the orders fail`,
      begin: ({ shop }) => {
        const failed = new Set<number>()
        return {
          change: (event) => {
            if (event.checkoutStatus !== 'completed') return !failed.has(event.correlationId)
            if (!shop.random.chance(share)) return true
            failed.add(event.correlationId)
            if (variant === 'broken') breakRequest(event, shop.random)
            else Object.assign(event, { outcome: outcomes.declined, checkoutStatus: 'failed' })
            return true
          },
        }
      },
    }
  },
})
