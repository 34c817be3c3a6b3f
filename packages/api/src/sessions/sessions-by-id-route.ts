import { createRoute, z } from '@hono/zod-openapi'
import { parseIsoMicros } from '@pulsehouse/events'
import { demand, needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { logSchema } from '../logs/log.js'
import { valueCharsMax, wholeNumber } from '../parameters/text.js'
import { Problem, problemResponses } from '../http/problem.js'
import { runQuery } from '../query/named-query.js'
import { sessionById } from './session-by-id.js'
import { sessionLogs } from './session-logs.js'
import { sessionSchema, type Session } from './session-selection.js'

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/sessions/{id}',
  tags: ['Behaviour'],
  summary: 'One session, with its events in order',
  description: 'Everything that is kept of the session, and its events, oldest first.',
  request: {
    params: z.object({
      id: z
        .string()
        .max(valueCharsMax, `must have ${valueCharsMax} characters at the most`)
        .regex(/^\P{Cc}+$/u, 'must not have control characters')
        .openapi({ description: '`id` of a session.', example: 'session_066a5af69693' }),
    }),
    query: z.strictObject({
      limit: wholeNumber({ description: 'Events at the most.', min: 0, max: 1_000, fallback: 200 }),
    }),
  },
  responses: {
    200: {
      description: 'The session. `more` says whether it has more events than are shown.',
      content: {
        'application/json': {
          schema: z.object({
            data: sessionSchema,
            events: z.array(logSchema),
            more: z.boolean(),
            tables: z.array(z.string()).openapi({ example: ['sessions', 'logs'] }),
          }),
        },
      },
    },
    ...problemResponses('bad-parameters', 'forbidden', 'not-found', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/sessions/{id}` */
export function addSessionById(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param')
    const { limit } = context.req.valid('query')
    const sight = sightOf(context, parts)
    if (sight === 'bare') demand(context, 'personal', 'ask for a session by its id, which can name a person')
    const run = runOf(parts, context)
    const [data] = await runQuery(sessionById, { id, sight }, run)
    if (data === undefined) throw noSuchSession(id)
    const events = await runQuery(sessionLogs, { id, sight, limit: limit + 1, ...spanOf(data) }, run)
    return context.json(
      { data, events: events.slice(0, limit), more: events.length > limit, tables: ['sessions', 'logs'] },
      200,
    )
  })
}

/** The time from the first event of a session to its last, which is part of it. */
function spanOf({ started, ended }: Session): { from_micros: number; to_micros: number } {
  return { from_micros: parseIsoMicros(started) ?? 0, to_micros: (parseIsoMicros(ended) ?? 0) + 1 }
}

function noSuchSession(id: string): Problem {
  return new Problem(
    'not-found',
    `There is no session ${id}: it was never stored, or its time of retention is over.`,
  )
}
