import { z } from '@hono/zod-openapi'
import { runQuery, type NamedQuery, type QueryRun } from '../query/named-query.js'

/** Of hours and minutes, because hours are kept for longer. */
const firstTimes: NamedQuery<Record<string, never>, { hour: number | null; minute: number | null }> = {
  name: 'first_time',
  parameters: z.record(z.string(), z.never()),
  row: z.object({ hour: z.int().nullable(), minute: z.int().nullable() }),
  sql: () => `SELECT
  (SELECT toUnixTimestamp(hour) FROM stats_by_hour ORDER BY hour LIMIT 1) AS hour,
  (SELECT toUnixTimestamp(minute) FROM services_by_minute ORDER BY minute LIMIT 1) AS minute`,
}

/**
 * The time of the first events that the statistics still know, seconds since 1970; infinite when they know none. Before
 * it nothing is known, which is not the same as nothing having happened.
 */
export async function firstTimeSeconds(run: QueryRun): Promise<{ hour: number; minute: number }> {
  const [row] = await runQuery(firstTimes, {}, run)
  return { hour: row?.hour ?? Infinity, minute: row?.minute ?? Infinity }
}
