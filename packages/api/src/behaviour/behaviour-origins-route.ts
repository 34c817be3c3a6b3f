import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { exportContent } from '../export/formats.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import {
  envelopeOf,
  microRangeOf,
  microsOf,
  rangeEnvelope,
  resolveWholeRange,
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { choice, wholeNumber } from '../parameters/text.js'
import { problemResponses } from '../http/problem.js'
import { sessionOrigins, sessionOriginSchema } from './session-origins.js'
import { runQuery } from '../query/named-query.js'

/** Sessions are read for this long at the most, seconds. */
const rangeSecondsMax = 31 * 86_400

const common = {
  ...wholeRangeParameters('minute'),
  limit: wholeNumber({ description: 'Rows at the most.', min: 1, max: 1_000, fallback: 50 }),
}

const responses = {
  200: {
    description: 'Those with the most sessions first, and the range that was really used.',
    content: {
      'application/json': { schema: z.object({ data: z.array(sessionOriginSchema), ...rangeEnvelope }) },
      ...exportContent,
    },
  },
  ...problemResponses('bad-parameters', 'not-acceptable', 'unavailable', 'time-limit'),
}

const referrers = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/behaviour/referrers',
  tags: ['Behaviour'],
  summary: 'Where sessions came from, and what became of them',
  description:
    'Sessions that began in the range by the domain that their first event came from. At the most 31 days.',
  request: { query: z.strictObject(common) },
  responses,
})

const devices = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/behaviour/devices',
  tags: ['Behaviour'],
  summary: 'Sessions by device, browser or operating system',
  description: 'Sessions that began in the range. At the most 31 days.',
  request: {
    query: z.strictObject({
      ...common,
      by: choice(['device', 'browser', 'os'], {
        description: 'What sessions are counted by: device, browser or os. For example `device`.',
        fallback: 'device',
      }),
    }),
  },
  responses,
})

/** `GET /v1/behaviour/referrers` and `GET /v1/behaviour/devices` */
export function addSessionOrigins(app: Api, parts: ApiParts): void {
  app.openapi(referrers, async (context) => {
    const { limit, ...given } = context.req.valid('query')
    const range = resolveWholeRange(given, parts.nowMs(), { secondsMax: rangeSecondsMax })
    const asked = { ...microsOf(range), by: 'referrer' as const, limit, sight: sightOf(context, parts) }
    const run = runOf(parts, context)
    const names = { what: 'referrers', range: microRangeOf(range), run }
    const file = await exportIfAsked(context, sessionOrigins, asked, names)
    if (file !== undefined) return file
    const data = await runQuery(sessionOrigins, asked, run)
    return context.json({ data, ...envelopeOf(range, 'sessions') }, 200)
  })
  app.openapi(devices, async (context) => {
    const { limit, by, ...given } = context.req.valid('query')
    const range = resolveWholeRange(given, parts.nowMs(), { secondsMax: rangeSecondsMax })
    const asked = { ...microsOf(range), by, limit, sight: sightOf(context, parts) }
    const run = runOf(parts, context)
    const names = { what: 'devices', range: microRangeOf(range), run }
    const file = await exportIfAsked(context, sessionOrigins, asked, names)
    if (file !== undefined) return file
    const data = await runQuery(sessionOrigins, asked, run)
    return context.json({ data, ...envelopeOf(range, 'sessions') }, 200)
  })
}
