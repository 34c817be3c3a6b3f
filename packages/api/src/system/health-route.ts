import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../api.js'
import { problemResponses } from '../http/problem.js'

const route = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['State'],
  summary: 'Is the process up?',
  description: 'Answers as long as the process can answer at all, whatever the rest of the stack does.',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'It is up.',
      content: { 'application/json': { schema: z.object({ status: z.literal('up') }) } },
    },
    ...problemResponses('bad-parameters'),
  },
})

/** `GET /healthz` */
export function addHealth(app: Api): void {
  app.openapi(route, (context) => context.json({ status: 'up' as const }, 200))
}
