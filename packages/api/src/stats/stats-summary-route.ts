import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import type { Api, ApiParts } from '../api.js'
import { problemResponses } from '../http/problem.js'
import { answerQuestion, envelopeOf, measuresOf, prepareQuestion, withoutTime } from './answer-question.js'
import { groupedMeasuresSchema } from './stats-row.js'
import { statsEnvelope, statsParameters } from './stats-parameters.js'

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/stats/summary',
  tags: ['Statistics'],
  summary: 'The whole range in one row',
  description:
    'Counts, errors, latency, users and sessions of everything that passes the filters, from the first minute of the range ' +
    'to the last.',
  request: { query: z.strictObject(statsParameters) },
  responses: {
    200: {
      description: 'The measures that were asked for.',
      content: {
        'application/json': { schema: z.object({ data: groupedMeasuresSchema, ...statsEnvelope }) },
      },
    },
    ...problemResponses('bad-parameters', 'forbidden', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/stats/summary` */
export function addStatsSummary(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const given = context.req.valid('query')
    const answered = await answerQuestion(
      parts,
      context,
      await prepareQuestion(parts, context, given, {
        groupBy: [],
        measures: measuresOf(given),
        stepSeconds: undefined,
        order: 'time',
        rowsMax: 1,
      }),
    )
    // A sum over nothing is a row as well.
    const data = withoutTime(answered.rows[0] ?? { time_seconds: 0 })
    return context.json({ data, ...envelopeOf(answered) }, 200)
  })
}
