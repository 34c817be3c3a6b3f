import { z } from '@hono/zod-openapi'
import { maskedInSql } from '../access/mask-people.js'
import { sights } from '../access/sight.js'
import type { NamedQuery } from '../query/named-query.js'
import { sessionsBegun } from '../sessions/session-rows.js'

/** What sessions can be counted by. */
export const originNames = ['referrer', 'device', 'browser', 'os'] as const

const parameters = z.strictObject({
  from_micros: z.int(),
  to_micros: z.int(),
  by: z.enum(originNames),
  limit: z.int(),
  sight: z.enum(sights),
})

const ratio = (description: string) => z.number().openapi({ description: `${description}, 0 to 1.` })

/** Sessions of one origin, as the API shows them. */
export const sessionOriginSchema = z
  .object({
    value: z
      .string()
      .nullable()
      .openapi({ description: 'The referrer or device; null where there is none.' }),
    sessions: z.int().openapi({ description: 'Sessions that began in the range.' }),
    share: ratio('Its sessions by all sessions of the range'),
    users: z.int().openapi({ description: 'Different users of these sessions.' }),
    bounces: z.int().openapi({ description: 'Sessions of one page.' }),
    bounce_ratio: ratio('Bounces by sessions'),
    pages_mean: z.number().openapi({ description: 'Pages a session.' }),
    conversions: z.int().openapi({ description: 'Sessions in which a checkout was completed.' }),
    conversion: ratio('Conversions by sessions'),
  })
  .openapi('SessionOrigin')

/** Sessions that began in a range, by where they came from or what they came with, the most first. */
export const sessionOrigins: NamedQuery<z.infer<typeof parameters>, z.infer<typeof sessionOriginSchema>> = {
  name: 'session_origins',
  parameters,
  row: sessionOriginSchema,
  sql: ({ by, sight }) => {
    const origin = maskedInSql(`t.${by}`, sight)
    return `SELECT
  nullIf(${origin}, '') AS value,
  count() AS sessions,
  count() / sum(count()) OVER () AS share,
  uniqExact(nullIf(t.user_id, '')) AS users,
  countIf(t.pages = 1) AS bounces,
  countIf(t.pages = 1) / count() AS bounce_ratio,
  sum(t.pages) / count() AS pages_mean,
  countIf(t.converted = 1) AS conversions,
  countIf(t.converted = 1) / count() AS conversion
FROM ${sessionsBegun([by, 'user_id', 'pages', 'converted'])} AS t
GROUP BY ${origin}
ORDER BY sessions DESC, ${origin}
LIMIT {limit:UInt32}`
  },
}
