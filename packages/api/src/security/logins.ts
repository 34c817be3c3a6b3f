import { z } from '@hono/zod-openapi'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({ from_seconds: z.int(), to_seconds: z.int(), step_seconds: z.int() })

const amount = (description: string) => z.int().openapi({ description })

/** What is told of the logins of a step. */
export const loginValues = {
  succeeded: amount('Logins with a status from 200 to 399.'),
  failed: amount('Logins with the status 401, 403 or 429.'),
  failure_ratio: z
    .number()
    .nullable()
    .openapi({ description: 'failed by both, 0 to 1; null without logins.' }),
  users_failed: amount('Different users whose login failed.'),
  addresses_failed: amount('Different addresses from which a login failed.'),
}

const row = z.object({ time_seconds: z.int(), ...loginValues })

/** The logins of a step. */
export type LoginsRow = z.infer<typeof row>

/** Logins in each step of time. Steps without any event that security looks at have no row. */
export const logins: NamedQuery<z.infer<typeof parameters>, LoginsRow> = {
  name: 'logins',
  parameters,
  row,
  sql: () => `SELECT
  intDiv(toUnixTimestamp(s.minute), {step_seconds:UInt32}) * {step_seconds:UInt32} AS time_seconds,
  sum(s.logins_succeeded) AS succeeded,
  sum(s.logins_failed) AS failed,
  sum(s.logins_failed) / nullIf(sum(s.logins_failed) + sum(s.logins_succeeded), 0) AS failure_ratio,
  uniqExactIf(s.user_id, s.logins_failed > 0 AND s.user_id != '') AS users_failed,
  uniqExactIf(s.ip_address, s.logins_failed > 0 AND s.ip_address != '') AS addresses_failed
FROM security_by_minute AS s
WHERE s.minute >= toDateTime({from_seconds:UInt32}, 'UTC')
  AND s.minute < toDateTime({to_seconds:UInt32}, 'UTC')
GROUP BY time_seconds
ORDER BY time_seconds`,
}
