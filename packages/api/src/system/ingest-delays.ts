import { z } from '@hono/zod-openapi'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({ from_seconds: z.int(), to_seconds: z.int(), step_seconds: z.int() })
const row = z.object({
  time_seconds: z.int(),
  batches: z.int(),
  stored: z.int(),
  rejected: z.int(),
  delay_mean: z.number(),
  delay_max: z.number(),
})

/**
 * How long events waited between the queue and the tables, in each step of time. A batch counts where it was inserted;
 * its delay is that of its newest chunk, in seconds.
 */
export const ingestDelays: NamedQuery<z.infer<typeof parameters>, z.infer<typeof row>> = {
  name: 'ingest_delays',
  parameters,
  row,
  sql: () => `SELECT
  intDiv(toUnixTimestamp(b.inserted_at), {step_seconds:UInt32}) * {step_seconds:UInt32} AS time_seconds,
  count() AS batches,
  sum(b.stored) AS stored,
  sum(b.rejected) AS rejected,
  avg(greatest(toUnixTimestamp64Micro(b.inserted_at) - toUnixTimestamp64Micro(b.received_at), 0)) / 1e6 AS delay_mean,
  max(greatest(toUnixTimestamp64Micro(b.inserted_at) - toUnixTimestamp64Micro(b.received_at), 0)) / 1e6 AS delay_max
FROM batches AS b
WHERE b.inserted_at >= toDateTime({from_seconds:UInt32}, 'UTC')
  AND b.inserted_at < toDateTime({to_seconds:UInt32}, 'UTC')
GROUP BY time_seconds
ORDER BY time_seconds`,
}
