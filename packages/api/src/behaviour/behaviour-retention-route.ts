import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { exportContent } from '../export/formats.js'
import { exportRowsIfAsked } from '../export/export-rows-if-asked.js'
import {
  envelopeOf,
  isoOf,
  microRangeOf,
  rangeEnvelope,
  resolveWholeRange,
  secondsOf,
  wholeRangeParameters,
  type WholeRange,
} from '../parameters/minute-range.js'
import { wholeNumber } from '../parameters/text.js'
import { problemResponses } from '../http/problem.js'
import { retention, type RetentionRow } from './retention.js'
import { runQuery } from '../query/named-query.js'

const daySeconds = 86_400
/** Sessions are kept for this long, days. */
const daysMax = 30

const rowSchema = z
  .object({
    day: z
      .string()
      .openapi({ description: 'Day on which the users were first seen, UTC.', example: '2026-03-01' }),
    first_users: z.int().openapi({ description: 'Users who were first seen on that day.' }),
    days_later: z.int().openapi({ description: '0 is the day itself.' }),
    users: z.int().openapi({ description: 'Of these users, those who were active so many days later.' }),
    ratio: z.number().nullable().openapi({ description: 'users by first_users, 0 to 1; null without any.' }),
    running: z.boolean().openapi({ description: 'Whether the later day is not over yet.' }),
  })
  .openapi('RetentionRow')

/** Columns of the file. */
const columns = {
  day: 'String',
  first_users: 'UInt64',
  days_later: 'UInt64',
  users: 'UInt64',
  ratio: 'Nullable(Float64)',
  running: 'Bool',
} as const

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/behaviour/retention',
  tags: ['Behaviour'],
  summary: 'Users first seen on a day, and how many came back so many days later',
  description:
    'Users who logged in during a session. A user is first seen on the first day that is still kept: 30 days. A row for ' +
    'each first day and each later day that has begun, zeros included. At the most 30 days.',
  request: {
    query: z.strictObject({
      ...wholeRangeParameters('day'),
      days: wholeNumber({ description: 'Days later at the most.', min: 0, max: daysMax, fallback: 7 }),
    }),
  },
  responses: {
    200: {
      description: 'Rows by first day and later day, and the first days that were really used.',
      content: {
        'application/json': { schema: z.object({ data: z.array(rowSchema), ...rangeEnvelope }) },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'not-acceptable', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/behaviour/retention` */
export function addRetention(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { days, ...given } = context.req.valid('query')
    const limits = { grainSeconds: daySeconds, secondsMax: daysMax * daySeconds }
    const range = resolveWholeRange(given, parts.nowMs(), limits)
    const run = runOf(parts, context)
    const rows = await runQuery(retention, { ...secondsOf(range), days }, run)
    const data = filled(rows, range, days, parts.nowMs() / 1000)
    const names = { what: 'retention', range: microRangeOf(range), run }
    const file = await exportRowsIfAsked(context, data, columns, names)
    if (file !== undefined) return file
    return context.json({ data, ...envelopeOf(range, 'sessions') }, 200)
  })
}

/** A row for every first day and every later day that has begun. */
function filled(
  rows: readonly RetentionRow[],
  { fromSeconds, toSeconds }: WholeRange,
  days: number,
  nowSeconds: number,
): z.infer<typeof rowSchema>[] {
  const found = new Map(rows.map((row) => [`${row.first_seconds} ${row.days_later}`, row.users]))
  const firsts = Array.from(
    { length: (toSeconds - fromSeconds) / daySeconds },
    (_, index) => fromSeconds + index * daySeconds,
  )
  return firsts.flatMap((first) => {
    const firstUsers = found.get(`${first} 0`) ?? 0
    const begun = Math.floor((nowSeconds - first) / daySeconds)
    return Array.from({ length: Math.max(Math.min(days, begun) + 1, 0) }, (_, later) => {
      const users = found.get(`${first} ${later}`) ?? 0
      return {
        day: isoOf(first).slice(0, 10),
        first_users: firstUsers,
        days_later: later,
        users,
        ratio: firstUsers === 0 ? null : users / firstUsers,
        running: begun === later,
      }
    })
  })
}
