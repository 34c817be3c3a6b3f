import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { Problem, problemResponses } from '../http/problem.js'
import { runQuery } from '../query/named-query.js'
import { findingId } from './finding-id.js'
import { findingSchema } from './finding.js'
import { findingById } from './search-findings.js'

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/findings/{id}',
  tags: ['Incidents'],
  summary: 'One finding',
  description:
    'What was found, as it was judged last. A key without the role `personal` sees no users and no addresses.',
  request: { params: z.object({ id: findingId('`id` of a finding.') }), query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The finding.',
      content: { 'application/json': { schema: z.object({ data: findingSchema }) } },
    },
    ...problemResponses('bad-parameters', 'not-found', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/findings/{id}` */
export function addFinding(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param')
    const [data] = await runQuery(findingById, { id, sight: sightOf(context, parts) }, runOf(parts, context))
    if (data === undefined) {
      throw new Problem('not-found', `There is no finding ${id}; GET /v1/findings lists them.`)
    }
    return context.json({ data }, 200)
  })
}
