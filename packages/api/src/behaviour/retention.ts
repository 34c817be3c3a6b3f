import { z } from '@hono/zod-openapi'
import type { NamedQuery } from '../query/named-query.js'

const parameters = z.strictObject({
  from_seconds: z.int(),
  to_seconds: z.int(),
  /** Days after the first that are counted. */
  days: z.int(),
})

const row = z.object({ first_seconds: z.int(), days_later: z.int(), users: z.int() })

/** Users of one first day who were active so many days later. */
export type RetentionRow = z.infer<typeof row>

/**
 * Users by the day on which they were first seen, and by how many days later they were active. "First" is of all days
 * that are kept, so everything before the range is read as well.
 */
export const retention: NamedQuery<z.infer<typeof parameters>, RetentionRow> = {
  name: 'retention',
  parameters,
  row,
  sql: () => `SELECT
  toUnixTimestamp(toDateTime(u.days[1], 'UTC')) AS first_seconds,
  arrayJoin(arrayMap(day -> toUInt32(day - u.days[1]), u.days)) AS days_later,
  count() AS users
FROM (
  SELECT arraySort(groupUniqArray(toDate(s.hour))) AS days
  FROM sessions AS s
  WHERE s.user_id != ''
    AND s.hour < toDateTime({to_seconds:UInt32}, 'UTC') + toIntervalDay({days:UInt16})
  GROUP BY s.user_id
) AS u
WHERE u.days[1] >= toDate(toDateTime({from_seconds:UInt32}, 'UTC'))
  AND u.days[1] < toDate(toDateTime({to_seconds:UInt32}, 'UTC'))
GROUP BY first_seconds, days_later
HAVING days_later <= {days:UInt16}
ORDER BY first_seconds, days_later`,
}
