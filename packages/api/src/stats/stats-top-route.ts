import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import type { Api, ApiParts } from '../api.js'
import { choiceList } from '../parameters/lists.js'
import { choice, wholeNumber } from '../parameters/text.js'
import { problemResponses } from '../http/problem.js'
import { answerQuestion, envelopeOf, measuresOf, prepareQuestion, withoutTime } from './answer-question.js'
import { exportContent } from '../export/formats.js'
import { exportSeriesIfAsked } from './export-series.js'
import { dimensionNames } from './dimensions.js'
import { measureNames } from './measures.js'
import { groupedMeasuresSchema } from './stats-row.js'
import { statsEnvelope, statsParameters } from './stats-parameters.js'

const query = z.strictObject({
  ...statsParameters,
  by: choiceList(dimensionNames, {
    description:
      'What is ranked; several, separated by commas, rank their combinations. Without it: `endpoint`. By `user` and `ip` ' +
      'only with a key of the role `personal`.',
    example: 'endpoint',
  }),
  order_by: choice(measureNames, {
    description: 'The measure that decides the rank; null comes last.',
    fallback: 'events',
  }),
  direction: choice(['desc', 'asc'], {
    description: 'The largest first, or the smallest.',
    fallback: 'desc',
  }),
  limit: wholeNumber({ description: 'Rows at the most.', min: 1, max: 1_000, fallback: 20 }),
})

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/stats/top',
  tags: ['Statistics'],
  summary: 'What is first in a measure: endpoints, servers, devices…',
  description:
    'The values of a dimension in the order of a measure, over the whole range: the slowest endpoints, the servers with most ' +
    'errors. `tables` says what was read.',
  request: { query },
  responses: {
    200: {
      description: 'The first rows.',
      content: {
        'application/json': { schema: z.object({ data: z.array(groupedMeasuresSchema), ...statsEnvelope }) },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'forbidden', 'not-acceptable', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/stats/top` */
export function addStatsTop(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { by = ['endpoint'], order_by: measure, direction, limit, ...given } = context.req.valid('query')
    const prepared = await prepareQuestion(parts, context, given, {
      groupBy: by,
      // Ranked by a measure that is not shown, rows would look as if they were in no order.
      measures: [measure, ...measuresOf(given)],
      stepSeconds: undefined,
      order: { measure, direction },
      rowsMax: limit,
    })
    const { query: ranked, values } = prepared
    const file = { what: 'top', query: ranked, given: values, stepSeconds: undefined }
    const exported = await exportSeriesIfAsked(parts, context, file)
    if (exported !== undefined) return exported
    const answered = await answerQuestion(parts, context, prepared)
    return context.json({ data: answered.rows.map(withoutTime), ...envelopeOf(answered) }, 200)
  })
}
