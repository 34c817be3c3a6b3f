import { createRoute, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { findingKinds, muteDaysMax, MuteRefused, type Mute } from '@pulsehouse/platform'
import { needs } from '../access/needs.js'
import type { Api, ApiParts } from '../api.js'
import { BadParameters, Problem, problemResponses } from '../http/problem.js'
import { parseMoment } from '../parameters/time.js'

/** A request for a mute is shorter than this, bytes. */
const bodyBytesMax = 4_096
/** Characters of a reason at the most. */
const reasonCharsMax = 500
/** Characters of each value that a mute names at the most. */
const matchCharsMax = 300

const line = (charsMax: number) =>
  z
    .string({ error: 'must be a text' })
    .trim()
    .min(1, 'must not be empty; leave it out instead')
    .max(charsMax, `must have ${charsMax} characters at the most`)
    .regex(/^\P{Cc}*$/u, 'must not have control characters')

const match = (what: string, example: string) =>
  line(matchCharsMax)
    .optional()
    .openapi({ description: `Only findings of this ${what}; without it, of every one.`, example })

const matchShape = {
  kind: z
    .enum(findingKinds, { error: `must be one of ${findingKinds.join(', ')}` })
    .optional()
    .openapi({
      description: 'Only findings of this kind; without it, of every one.',
      example: 'error_burst',
    }),
  service: match('service', 'checkout'),
  endpoint: match('endpoint', '/api/checkout'),
  rule: match('rule', 'endpoint-latency'),
}

const named = (what: string, example: string) =>
  z
    .string()
    .nullable()
    .openapi({ description: `The ${what} that it is about; null for every one.`, example })

const muteSchema = z
  .object({
    id: z.string().openapi({ example: '0f8fad5b-d9cb-469f-a165-70867728950e' }),
    until: z.string().openapi({
      description: 'From then on people are told again, UTC.',
      example: '2026-03-01T14:00:00.000Z',
    }),
    reason: z.string().openapi({ example: 'The database is moved' }),
    kind: named('kind', 'error_burst'),
    service: named('service', 'checkout'),
    endpoint: named('endpoint', '/api/checkout'),
    rule: named('rule', 'endpoint-latency'),
    created_at: z.string().openapi({ description: 'UTC.', example: '2026-03-01T12:00:00.000Z' }),
    created_by: z
      .string()
      .openapi({ description: 'The key by which it was made, or the command.', example: 'key 3f9a1c0b7d2e' }),
  })
  .openapi('Mute')

const noParameters = z.strictObject({})
const tags = ['Incidents']

const listRoute = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/mutes',
  tags,
  summary: 'What nobody is told of, and until when',
  description: 'Mutes that have not ended, the oldest first. Incidents are found and listed all the same.',
  request: { query: noParameters },
  responses: {
    200: {
      description: 'The mutes.',
      content: { 'application/json': { schema: z.object({ data: z.array(muteSchema) }) } },
    },
    ...problemResponses('bad-parameters'),
  },
})

const access = needs('admin', 'mute alerts')
const makeRoute = createRoute({
  ...access,
  middleware: [
    access.middleware,
    bodyLimit({
      maxSize: bodyBytesMax,
      onError: () => {
        throw new Problem('too-large', `The body has ${bodyBytesMax} bytes at the most.`)
      },
    }),
  ],
  method: 'post',
  path: '/v1/mutes',
  tags,
  summary: 'Mute alerts for a while',
  description:
    'Until its end nobody is told of an incident whose findings are all muted; a mute that names nothing is about everything. It ' +
    `counts at once, and ends within ${muteDaysMax} days.`,
  request: {
    query: noParameters,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            until: z
              .string({ error: 'must be a time, as 2026-03-01T14:00:00Z' })
              .transform((text, context) => {
                const moment = parseMoment(text)
                if (moment?.kind === 'at') return moment
                context.addIssue({
                  code: 'custom',
                  message: 'must be an ISO 8601 time in UTC, as 2026-03-01T14:00:00Z',
                })
                return z.NEVER
              })
              .openapi({ type: 'string', description: 'Its end, UTC.', example: '2026-03-01T14:00:00Z' }),
            reason: line(reasonCharsMax).openapi({
              description: 'Why, for those who wonder about the silence.',
              example: 'The database is moved',
            }),
            ...matchShape,
          }),
        },
      },
    },
  },
  responses: {
    201: { description: 'The mute.', content: { 'application/json': { schema: muteSchema } } },
    ...problemResponses('bad-parameters', 'mutes-full', 'too-large', 'unavailable'),
  },
})

const endRoute = createRoute({
  ...access,
  method: 'delete',
  path: '/v1/mutes/{id}',
  tags,
  summary: 'End a mute before its time',
  description: 'People are told again from now on.',
  request: {
    query: noParameters,
    params: z.object({
      id: z
        .string()
        .regex(/^[0-9a-f-]{36}$/, 'must be the id of a mute')
        .openapi({ description: '`id` of the mute.', example: '0f8fad5b-d9cb-469f-a165-70867728950e' }),
    }),
  },
  responses: {
    204: { description: 'It has ended.' },
    ...problemResponses('bad-parameters', 'not-found', 'unavailable'),
  },
})

/** `GET` and `POST /v1/mutes`, `DELETE /v1/mutes/{id}` */
export function addMutes(app: Api, { mutes }: ApiParts): void {
  app.openapi(listRoute, (context) => context.json({ data: mutes.list().map(shown) }, 200))
  app.openapi(makeRoute, async (context) => {
    const { until, reason, ...match } = context.req.valid('json')
    const untilMs = Math.floor(until.micros / 1000)
    const createdBy = `key ${context.get('key')?.id ?? ''}`
    const made = await orRefuse(mutes.make({ untilMs, reason, createdBy, match }))
    return context.json(shown(made), 201)
  })
  app.openapi(endRoute, async (context) => {
    const { id } = context.req.valid('param')
    if (await mutes.end(id)) return context.body(null, 204)
    throw new Problem('not-found', `There is no mute ${id}; GET /v1/mutes lists them.`)
  })
}

function shown({ id, untilMs, reason, createdBy, createdMs, match }: Mute): z.infer<typeof muteSchema> {
  const { kind = null, service = null, endpoint = null, rule = null } = match
  const [until, created_at] = [untilMs, createdMs].map((ms) => new Date(ms).toISOString()) as [string, string]
  return { id, until, reason, kind, service, endpoint, rule, created_at, created_by: createdBy }
}

async function orRefuse<T>(making: Promise<T>): Promise<T> {
  try {
    return await making
  } catch (error) {
    if (!(error instanceof MuteRefused)) throw error
    if (error.field === undefined) throw new Problem('mutes-full', error.message, { cause: error })
    throw new BadParameters([{ parameter: error.field, message: error.message }])
  }
}
