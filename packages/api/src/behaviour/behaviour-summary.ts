import { z } from '@hono/zod-openapi'
import type { NamedQuery } from '../query/named-query.js'
import { sessionsBegun } from '../sessions/session-rows.js'

const parameters = z.strictObject({ from_micros: z.int(), to_micros: z.int() })

const ratio = (description: string) =>
  z
    .number()
    .nullable()
    .openapi({ description: `${description}, 0 to 1; null without sessions.` })

/** How people behaved in a range, as the API shows it. */
export const behaviourSummarySchema = z
  .object({
    active_users: z.int().openapi({
      description: 'Different users with an event in the range; an estimate above some ten thousand.',
    }),
    sessions: z.int().openapi({ description: 'Sessions that began in the range.' }),
    bounces: z.int().openapi({ description: 'Sessions of one page.' }),
    bounce_ratio: ratio('Bounces by sessions'),
    pages_mean: z.number().nullable().openapi({ description: 'Pages a session; null without sessions.' }),
    duration_median_seconds: z
      .number()
      .nullable()
      .openapi({ description: 'Median time from the first event of a session to its last, seconds.' }),
    conversions: z.int().openapi({ description: 'Sessions in which a checkout was completed.' }),
    conversion: ratio('Conversions by sessions'),
  })
  .openapi('BehaviourSummary')

/** How people behaved in a range of whole minutes. */
export const behaviourSummary: NamedQuery<
  z.infer<typeof parameters>,
  z.infer<typeof behaviourSummarySchema>
> = {
  name: 'behaviour_summary',
  parameters,
  row: behaviourSummarySchema,
  sql: () => `SELECT
  (
    SELECT uniqMerge(m.users)
    FROM totals_by_minute AS m
    WHERE m.minute >= fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC')
      AND m.minute < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')
  ) AS active_users,
  count() AS sessions,
  countIf(t.pages = 1) AS bounces,
  countIf(t.pages = 1) / nullIf(count(), 0) AS bounce_ratio,
  sum(t.pages) / nullIf(count(), 0) AS pages_mean,
  if(count() = 0, NULL, quantileExactInclusive(0.5)(t.duration_seconds)) AS duration_median_seconds,
  countIf(t.converted = 1) AS conversions,
  countIf(t.converted = 1) / nullIf(count(), 0) AS conversion
FROM ${sessionsBegun(['pages', 'duration_seconds', 'converted'])} AS t`,
}
