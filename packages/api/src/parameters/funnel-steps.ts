import { z } from '@hono/zod-openapi'
import { splitList } from './lists.js'
import { describe, givenText, valueCharsMax } from './text.js'

/** What an event must be to count as a step: one of both at least. */
export interface FunnelStep {
  action?: string
  endpoint?: string
}

const stepsMin = 2
const stepsMax = 10

/** Reads `action`, `action:/endpoint` or `/endpoint`; undefined for a text that is none of them. */
export function parseFunnelStep(text: string): FunnelStep | undefined {
  if (text.startsWith('/')) return { endpoint: text }
  const [, action, endpoint] = /^([^:]+)(?::(\/.*))?$/.exec(text) ?? []
  if (action === undefined) return undefined
  return endpoint === undefined ? { action } : { action, endpoint }
}

const step = z.string().transform((text, context): FunnelStep => {
  const parsed = text.length <= valueCharsMax ? parseFunnelStep(text) : undefined
  if (parsed !== undefined) return parsed
  const message = `has a step that is none: write action, action:/endpoint or /endpoint, ${valueCharsMax} characters at the most`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

/** `steps` of a funnel, in their order. */
export const funnelSteps = givenText
  .transform(splitList)
  .pipe(
    z
      .array(step)
      .min(stepsMin, `must have ${stepsMin} steps at least`)
      .max(stepsMax, `must have ${stepsMax} steps at the most`),
  )
  .default([{ endpoint: '/products/{id}' }, { endpoint: '/cart/items' }, { endpoint: '/orders' }])
  .openapi({
    type: 'array',
    items: { type: 'string' },
    minItems: stepsMin,
    maxItems: stepsMax,
    default: ['/products/{id}', '/cart/items', '/orders'] as never,
    description: describe({
      description:
        `${stepsMin} to ${stepsMax} steps in their order, separated by commas. A step is an action (\`login\`), an endpoint (\`/cart\`), or both ` +
        '(`submit_form:/orders`); endpoints are written with their numbers folded, and a comma within one as `\\,`. Without it: the way of the made-up shop from a product to an order.',
      example: 'view_page:/products/{id},click_button:/cart/items,submit_form:/orders',
    }),
    param: { style: 'form', explode: false },
  } as object)
