import { z } from '@hono/zod-openapi'
import type { FunnelStep } from '../parameters/funnel-steps.js'
import type { NamedQuery } from '../query/named-query.js'
import { ordersPerMicro, sessionEvents, sessionOrder } from './session-order.js'

const parameters = z.strictObject({
  from_micros: z.int(),
  to_micros: z.int(),
  /** Time from the first step to the last at the most, as `withinOf` counts it, in digits. */
  within: z.string(),
  /** Of each step, '' where it may be any. */
  actions: z.array(z.string()),
  endpoints: z.array(z.string()),
})

const row = z.object({ reached: z.array(z.int()) })

/** What the funnel takes for its steps. */
export function funnelGiven(steps: readonly FunnelStep[], withinSeconds: number) {
  return {
    actions: steps.map(({ action }) => action ?? ''),
    endpoints: steps.map(({ endpoint }) => endpoint ?? ''),
    // More than a double can hold exactly.
    within: String(BigInt(withinSeconds) * 1_000_000n * BigInt(ordersPerMicro)),
  }
}

/** Whether an event is a step: what the step leaves open is not looked at. */
function conditionOf(index: number, action: string | undefined, endpoint: string | undefined): string {
  return [
    ...(action ? [`l.action = {actions:Array(String)}[${index + 1}]`] : []),
    ...(endpoint ? [`l.endpoint = {endpoints:Array(String)}[${index + 1}]`] : []),
  ].join(' AND ')
}

/**
 * How many sessions reached each step of a funnel: their longest chain of events that are the steps in order, each
 * event later than the one before and all of them within a time of the first. An event is one step only.
 */
export const funnel: NamedQuery<z.infer<typeof parameters>, z.infer<typeof row>> = {
  name: 'funnel',
  parameters,
  row,
  sql: ({ actions, endpoints }) => {
    const conditions = actions.map((action, index) => conditionOf(index, action, endpoints[index]))
    return `SELECT arrayMap(step -> toUInt64(arraySum(level -> level >= step, levels)), range(1, ${conditions.length + 1})) AS reached
FROM (
  SELECT groupArray(f.level) AS levels
  FROM (
    SELECT windowFunnel({within:UInt64}, 'strict_once')(${sessionOrder}, ${conditions.join(', ')}) AS level
    FROM logs AS l
    WHERE ${sessionEvents}
    AND (${[...new Set(conditions)].map((condition) => `(${condition})`).join(' OR ')})
    GROUP BY l.session_id
  ) AS f
)`
  },
}
