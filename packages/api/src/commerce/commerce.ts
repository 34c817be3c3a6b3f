import { z } from '@hono/zod-openapi'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({
  from_seconds: z.int(),
  to_seconds: z.int(),
  /** Absent when all of the range is one row. */
  step_seconds: z.int().optional(),
})

const amount = (description: string) => z.int().openapi({ description })
const ratio = (description: string) => z.number().nullable().openapi({ description })
const estimate = 'an estimate above some ten thousand'

/** What is told of the trade of a step. */
export const commerceValues = {
  sessions: amount(`Different sessions with any event; ${estimate}.`),
  carts: amount(`Different sessions with a cart or a checkout; ${estimate}.`),
  buyers: amount(`Different sessions in which a checkout was completed; ${estimate}.`),
  conversion: ratio('buyers by sessions, 0 to 1; null without sessions.'),
  checkouts_pending: amount('Events of a checkout that is under way; one checkout has several.'),
  checkouts_completed: amount('Checkouts that were completed.'),
  checkouts_failed: amount('Checkouts that failed.'),
  failure_ratio: ratio('Failed checkouts by failed and completed ones, 0 to 1; null without both.'),
  cart_size_mean: ratio('Mean items of a cart, over events that tell it; null where none does.'),
  cart_size_p50: ratio('Median, within 1 %; null where there is none.'),
  cart_size_p95: ratio('95th percentile, within 1 %; null where there is none.'),
  cart_size_max: ratio('The largest cart; null where there is none.'),
}

const row = z.object({ time_seconds: z.int(), ...commerceValues })

/** The trade of a step. */
export type CommerceRow = z.infer<typeof row>

const withCart = (value: string): string => `if(c.sizes = 0, NULL, ${value})`

function timeOf(minute: string, step: number | undefined): string {
  if (step === undefined) return '{from_seconds:UInt32}'
  return `intDiv(toUnixTimestamp(${minute}), {step_seconds:UInt32}) * {step_seconds:UInt32}`
}

const within = (minute: string): string => `${minute} >= toDateTime({from_seconds:UInt32}, 'UTC')
    AND ${minute} < toDateTime({to_seconds:UInt32}, 'UTC')`

/**
 * Carts, checkouts and conversion in each step of time, or in all of a range. Steps in which nothing happened have no
 * row. Whatever has a cart has a row among the totals too, so that joining to these loses nothing.
 */
export const commerce: NamedQuery<z.infer<typeof parameters>, CommerceRow> = {
  name: 'commerce',
  parameters,
  row,
  sql: ({ step_seconds: step }) => `SELECT
  v.time_seconds AS time_seconds,
  v.sessions AS sessions,
  c.carts AS carts,
  c.buyers AS buyers,
  c.buyers / nullIf(v.sessions, 0) AS conversion,
  c.pending AS checkouts_pending,
  c.completed AS checkouts_completed,
  c.failed AS checkouts_failed,
  c.failed / nullIf(c.failed + c.completed, 0) AS failure_ratio,
  ${withCart('c.items / c.sizes')} AS cart_size_mean,
  ${withCart('c.quantiles[1]')} AS cart_size_p50,
  ${withCart('c.quantiles[3]')} AS cart_size_p95,
  ${withCart('c.largest')} AS cart_size_max
FROM (
  SELECT ${timeOf('m.minute', step)} AS time_seconds, uniqMerge(m.sessions) AS sessions
  FROM totals_by_minute AS m
  WHERE ${within('m.minute')}
  GROUP BY time_seconds
) AS v
LEFT JOIN (
  SELECT
    ${timeOf('k.minute', step)} AS time_seconds,
    uniqMerge(k.sessions) AS carts,
    uniqMergeIf(k.sessions, k.checkout_status = 'completed') AS buyers,
    sumIf(k.events, k.checkout_status = 'pending') AS pending,
    sumIf(k.events, k.checkout_status = 'completed') AS completed,
    sumIf(k.events, k.checkout_status = 'failed') AS failed,
    sum(k.cart_size_count) AS sizes,
    sum(k.cart_size_sum) AS items,
    max(k.cart_size_max) AS largest,
    quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(k.cart_size_quantiles) AS quantiles
  FROM carts_by_minute AS k
  WHERE ${within('k.minute')}
  GROUP BY time_seconds
) AS c ON c.time_seconds = v.time_seconds
ORDER BY time_seconds`,
}

/** What there is to tell of a time in which nothing happened. */
export const noCommerce: Omit<CommerceRow, 'time_seconds'> = {
  sessions: 0,
  carts: 0,
  buyers: 0,
  conversion: null,
  checkouts_pending: 0,
  checkouts_completed: 0,
  checkouts_failed: 0,
  failure_ratio: null,
  cart_size_mean: null,
  cart_size_p50: null,
  cart_size_p95: null,
  cart_size_max: null,
}
