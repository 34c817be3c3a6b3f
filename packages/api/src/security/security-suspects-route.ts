import { createRoute, z } from '@hono/zod-openapi'
import { demand, may, needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { exportContent } from '../export/formats.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import {
  minutesRangeSecondsMax,
  envelopeOf,
  microRangeOf,
  rangeEnvelope,
  resolveWholeRange,
  secondsOf,
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { choice, wholeNumber } from '../parameters/text.js'
import { problemResponses } from '../http/problem.js'
import { runQuery } from '../query/named-query.js'
import { suspects, suspectSchema } from './suspects.js'

const threshold = (description: string, fallback: number) =>
  wholeNumber({ description, min: 1, max: 1_000_000, fallback })

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/security/suspects',
  tags: ['Security'],
  summary: 'Who behaves like an attacker, and why',
  description:
    'Addresses (or users) with many failed logins, with failed logins of many users, with a login of the same user that then ' +
    'succeeded, or with many paths that do not exist: those with the most reasons first. "Then" is a later minute, after ' +
    'at least `min_failed` failed logins of that user from there (by user: from anywhere) with no success between them. A key without the role `personal` sees networks instead of addresses, and may not ask by user. At the most 31 days.',
  request: {
    query: z.strictObject({
      ...wholeRangeParameters('minute'),
      by: choice(['address', 'user'], {
        description: 'What suspects are: address, or user. For example `address`.',
        fallback: 'address',
      }),
      min_failed: threshold(
        'So many failed logins are a reason; so many of one user, and then one that succeeds, are another.',
        10,
      ),
      min_spread: threshold(
        'So many different users whose login failed from an address, or addresses from which a user’s login failed, are a reason.',
        5,
      ),
      min_paths: threshold('So many different paths that do not exist are a reason.', 20),
      limit: wholeNumber({ description: 'Suspects at the most.', min: 1, max: 1_000, fallback: 50 }),
    }),
  },
  responses: {
    200: {
      description: 'The suspects, and the range that was really used.',
      content: {
        'application/json': { schema: z.object({ data: z.array(suspectSchema), ...rangeEnvelope }) },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'forbidden', 'not-acceptable', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/security/suspects` */
export function addSuspects(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, by, ...given } = context.req.valid('query')
    if (by === 'user') demand(context, 'personal')
    const range = resolveWholeRange({ from, to }, parts.nowMs(), { secondsMax: minutesRangeSecondsMax })
    const subject = by === 'address' && !may(context, 'personal') ? 'network' : by
    const asked = { ...given, by: subject, ...secondsOf(range) } as const
    const run = runOf(parts, context)
    const names = { what: 'suspects', range: microRangeOf(range), run }
    const file = await exportIfAsked(context, suspects, asked, names)
    if (file !== undefined) return file
    const data = await runQuery(suspects, asked, run)
    return context.json({ data, ...envelopeOf(range, 'security_by_minute') }, 200)
  })
}
