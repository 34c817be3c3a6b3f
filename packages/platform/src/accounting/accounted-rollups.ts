/**
 * What of `logs` rollups count, by how a view selects it: each condition is the WHERE of the views that it stands for.
 * Views are found to be forgotten, or to select something else, by `tests/accounting.test.ts`.
 */
export const measures = {
  events: 'true',
  sessionEvents: "session_id != ''",
  securityEvents: "action = 'login' OR status_code IN (401, 403, 404) OR auth_level = 'admin'",
  cartEvents: "checkout_status != '' OR cart_size IS NOT NULL",
  productEvents: "product_id != ''",
} as const

/** Something of `logs` that a rollup counts. */
export type Measure = keyof typeof measures

/** A rollup whose column `events` must have exactly what `logs` has. */
export interface AccountedRollup {
  table: string
  /** Its column of time, which is also the length of its steps. */
  time: 'minute' | 'hour'
  measure: Measure
  /** Rows that one event has in it: one for each facet, where there are several. */
  perEvent: number
}

function rollup(
  table: string,
  time: AccountedRollup['time'],
  measure: Measure = 'events',
  perEvent = 1,
): AccountedRollup {
  return { table, time, measure, perEvent }
}

/** Server, device, browser, system, referrer and protocol. */
const facetsPerEvent = 6

/** Every rollup that a view fills. */
export const accountedRollups: readonly AccountedRollup[] = [
  rollup('stats_by_minute', 'minute'),
  rollup('services_by_minute', 'minute'),
  rollup('totals_by_minute', 'minute'),
  rollup('endpoints_by_minute', 'minute'),
  rollup('facets_by_minute', 'minute', 'events', facetsPerEvent),
  rollup('security_by_minute', 'minute', 'securityEvents'),
  rollup('carts_by_minute', 'minute', 'cartEvents'),
  rollup('sessions', 'hour', 'sessionEvents'),
  rollup('products_by_hour', 'hour', 'productEvents'),
  rollup('stats_by_hour', 'hour'),
  rollup('services_by_hour', 'hour'),
  rollup('totals_by_hour', 'hour'),
  rollup('facets_by_hour', 'hour', 'events', facetsPerEvent),
]
