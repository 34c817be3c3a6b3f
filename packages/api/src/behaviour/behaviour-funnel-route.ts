import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { exportContent } from '../export/formats.js'
import { exportRowsIfAsked } from '../export/export-rows-if-asked.js'
import {
  envelopeOf,
  microRangeOf,
  microsOf,
  rangeEnvelope,
  resolveWholeRange,
  wholeRangeParameters,
} from '../parameters/minute-range.js'
import { funnelSteps } from '../parameters/funnel-steps.js'
import { span } from '../parameters/span.js'
import { problemResponses } from '../http/problem.js'
import { funnel, funnelGiven } from './funnel.js'
import { runQuery } from '../query/named-query.js'

/** Events are read for this long at the most, seconds. */
const rangeSecondsMax = 7 * 86_400

const ratio = (description: string) =>
  z
    .number()
    .nullable()
    .openapi({ description: `${description}, 0 to 1; null where that is none.` })

const stepSchema = z
  .object({
    step: z.int().openapi({ description: 'From 1.' }),
    action: z.string().nullable(),
    endpoint: z.string().nullable(),
    sessions: z.int().openapi({ description: 'Sessions that came as far as this step, or further.' }),
    ratio: ratio('By sessions that took the first step'),
    ratio_of_previous: ratio('By sessions that took the step before'),
  })
  .openapi('FunnelStep')

/** Columns of the file. */
const columns = {
  step: 'UInt64',
  action: 'Nullable(String)',
  endpoint: 'Nullable(String)',
  sessions: 'UInt64',
  ratio: 'Nullable(Float64)',
  ratio_of_previous: 'Nullable(Float64)',
} as const

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/behaviour/funnel',
  tags: ['Behaviour'],
  summary: 'How many sessions came how far through given steps',
  description:
    'Each session counts with its longest chain of events that are the steps in their order; other events may lie between. Every ' +
    'step is another event than the one before, and later or, at the same microsecond, behind it in the queue. All of ' +
    'them lie within `within` of the first. Only events in the range are looked at, of sessions that began before it too. At the most 7 days.',
  request: {
    query: z.strictObject({
      ...wholeRangeParameters('minute'),
      steps: funnelSteps,
      within: span({
        description: 'Time from the first step to the last at the most: seconds, or like `30m`, `2h`.',
        maxSeconds: 86_400,
        fallback: '30m',
      }),
    }),
  },
  responses: {
    200: {
      description: 'A row a step, and the range that was really used.',
      content: {
        'application/json': {
          schema: z.object({ data: z.array(stepSchema), within_seconds: z.int(), ...rangeEnvelope }),
        },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'not-acceptable', 'unavailable', 'time-limit', 'memory-limit'),
  },
})

/** `GET /v1/behaviour/funnel` */
export function addFunnel(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { steps, within, ...given } = context.req.valid('query')
    const range = resolveWholeRange(given, parts.nowMs(), { secondsMax: rangeSecondsMax })
    const asked = { ...microsOf(range), ...funnelGiven(steps, within) }
    const run = runOf(parts, context)
    const [row] = await runQuery(funnel, asked, run)
    const reached = (index: number): number => row?.reached[index] ?? 0
    const data = steps.map(({ action = null, endpoint = null }, index) => ({
      step: index + 1,
      action,
      endpoint,
      sessions: reached(index),
      ratio: ratioOf(reached(index), reached(0)),
      ratio_of_previous: ratioOf(reached(index), reached(Math.max(index - 1, 0))),
    }))
    const names = { what: 'funnel', range: microRangeOf(range), run }
    const file = await exportRowsIfAsked(context, data, columns, names)
    if (file !== undefined) return file
    return context.json({ data, within_seconds: within, ...envelopeOf(range, 'logs') }, 200)
  })
}

function ratioOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
