import { z } from '@hono/zod-openapi'
import type { NamedQuery } from '../query/named-query.js'

const value = (description: string) => z.number().nullable().openapi({ description })

/** A minute of a watched series as the API shows it. */
export const expectationSchema = z
  .object({
    time: z.string().openapi({ description: 'The minute, UTC.', example: '2026-03-01T12:00:00Z' }),
    observed: value('What came; null where nothing came from which it could be known.'),
    expected: value('What was expected; null while it is being learned.'),
    expected_low: value('Lower end of what would have been usual.'),
    expected_high: value('Upper end of what would have been usual.'),
    score: value('About the number of zeros of its probability.'),
  })
  .openapi('Expectation')

const parameters = z.strictObject({
  metric: z.string(),
  service: z.string(),
  from_seconds: z.int(),
  to_seconds: z.int(),
})

const columns = ['observed', 'expected', 'expected_low', 'expected_high', 'score'] as const

/** What was expected of a watched series and what came, by the minute. */
export const expectations: NamedQuery<z.infer<typeof parameters>, z.infer<typeof expectationSchema>> = {
  name: 'expectations',
  parameters,
  row: expectationSchema,
  sql: () => `SELECT
  e.minute AS time,
  ${columns.map((column) => `e.${column} AS ${column}`).join(',\n  ')}
FROM expectations AS e FINAL
WHERE e.metric = {metric:String}
  AND e.service = {service:String}
  AND e.minute >= toDateTime({from_seconds:UInt32}, 'UTC')
  AND e.minute < toDateTime({to_seconds:UInt32}, 'UTC')
ORDER BY e.minute`,
}

/** Series that have expectations. */
export const watchedSeries: NamedQuery<Record<string, never>, { metric: string; services: string[] }> = {
  name: 'watched_series',
  parameters: z.record(z.string(), z.never()),
  row: z.object({ metric: z.string(), services: z.array(z.string()) }),
  sql: () => `SELECT metric, arraySort(groupUniqArray(service)) AS services
FROM expectations
GROUP BY metric
ORDER BY metric`,
}
