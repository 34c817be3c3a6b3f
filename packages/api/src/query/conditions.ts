import { z } from '@hono/zod-openapi'

/**
 * Filters that the logs and the statistics by minute share, because both tables have these columns. Each calls its table `t`:
 * an unqualified name would mean the column of the same name that a query gives out.
 */
export const sharedConditions = {
  service: 't.service IN {service:Array(String)}',
  endpoint: 't.endpoint IN {endpoint:Array(String)}',
  action: 't.action IN {action:Array(String)}',
  method: 't.http_method IN {method:Array(String)}',
  status: 't.status_code IN {status:Array(UInt16)}',
} as const

/** What the shared filters take; one that is absent does not filter. */
export const sharedFilters = {
  service: z.array(z.string()).optional(),
  endpoint: z.array(z.string()).optional(),
  action: z.array(z.string()).optional(),
  method: z.array(z.string()).optional(),
  status: z.array(z.int()).optional(),
}

/** The conditions of a closed list whose parameter is given, for a WHERE that has one already. */
export function andGiven(
  conditions: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, unknown>>,
): string {
  return Object.entries(conditions)
    .filter(([name]) => parameters[name] !== undefined)
    .map(([, condition]) => `\n  AND ${condition}`)
    .join('')
}
