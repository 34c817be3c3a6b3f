import { createRoute, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { keyNameCharsMax, keyRoles, KeysFull, type ApiKey } from '@pulsehouse/platform'
import { needs } from './needs.js'
import type { Api, ApiParts } from '../api.js'
import { Problem, problemResponses } from '../http/problem.js'

/** A request for a key is shorter than this, bytes. */
const bodyBytesMax = 4_096

const shape = {
  id: z.string().openapi({ description: 'Names the key, and says nothing of it.', example: '3f9a1c0b7d2e' }),
  name: z.string().openapi({ description: 'What it was made for.', example: 'dashboard' }),
  roles: z.array(z.enum(keyRoles)).openapi({ description: 'What its holder may do.', example: ['read'] }),
  created_at: z.string().openapi({ description: 'UTC.', example: '2026-03-01T12:00:00.000Z' }),
  created_by: z.string().openapi({
    description: 'The key by which it was made, or the command.',
    example: 'npm run keys',
  }),
}
const keySchema = z.object(shape).openapi('Key')
const newKeySchema = z
  .object({
    key: z.string().openapi({ description: 'The key itself: it is shown here, and never again.' }),
    ...shape,
  })
  .openapi('NewKey')

const noParameters = z.strictObject({})
const tags = ['Access']

const listRoute = createRoute({
  ...needs('admin'),
  method: 'get',
  path: '/v1/keys',
  tags,
  summary: 'All API keys, the oldest first',
  description: 'The keys themselves are not known any more, only their hashes.',
  request: { query: noParameters },
  responses: {
    200: {
      description: 'The keys.',
      content: { 'application/json': { schema: z.object({ data: z.array(keySchema) }) } },
    },
    ...problemResponses('bad-parameters'),
  },
})

const access = needs('admin')
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
  path: '/v1/keys',
  tags,
  summary: 'Make an API key',
  description:
    'The answer has the key; only its hash is kept. It counts at once, in every process of the API.',
  request: {
    query: noParameters,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            name: z
              .string({ error: 'must be a text that says what the key is for' })
              .trim()
              .min(1, 'must not be empty')
              .max(keyNameCharsMax, `must have ${keyNameCharsMax} characters at the most`)
              .regex(/^\P{Cc}*$/u, 'must not have control characters')
              .openapi({ description: 'What the key is for.', example: 'dashboard' }),
            roles: z
              .array(z.enum(keyRoles, { error: `takes only ${keyRoles.join(', ')}` }), {
                error: `must be a list of ${keyRoles.join(', ')}`,
              })
              .min(1, 'must name a role')
              .max(keyRoles.length, 'must name each role once')
              .openapi({ description: 'What its holder may do.', example: ['read'] }),
          }),
        },
      },
    },
  },
  responses: {
    201: { description: 'The key.', content: { 'application/json': { schema: newKeySchema } } },
    ...problemResponses('bad-parameters', 'keys-full', 'too-large', 'unavailable'),
  },
})

const revokeRoute = createRoute({
  ...needs('admin'),
  method: 'delete',
  path: '/v1/keys/{id}',
  tags,
  summary: 'Revoke an API key',
  description: 'Whoever has it is refused from now on, by every process of the API.',
  request: {
    query: noParameters,
    params: z.object({
      id: z
        .string()
        .regex(/^[0-9a-f]{12}$/, 'must be the id of a key, 12 hexadecimal digits')
        .openapi({ description: '`id` of the key.', example: '3f9a1c0b7d2e' }),
    }),
  },
  responses: {
    204: { description: 'It is revoked.' },
    ...problemResponses('bad-parameters', 'not-found', 'unavailable'),
  },
})

/** `GET` and `POST /v1/keys`, `DELETE /v1/keys/{id}` */
export function addKeys(app: Api, { keys }: ApiParts): void {
  app.openapi(listRoute, (context) => context.json({ data: keys.list().map(shown) }, 200))
  app.openapi(makeRoute, async (context) => {
    const { name, roles } = context.req.valid('json')
    const createdBy = `key ${context.get('key')?.id ?? ''}`
    const { key, made } = await orFull(keys.make({ name, roles: [...new Set(roles)], createdBy }))
    return context.json({ key, ...shown(made) }, 201)
  })
  app.openapi(revokeRoute, async (context) => {
    const { id } = context.req.valid('param')
    if (await keys.revoke(id)) return context.body(null, 204)
    throw new Problem('not-found', `There is no key ${id}; GET /v1/keys lists them.`)
  })
}

function shown({ id, name, roles, createdAt, createdBy }: ApiKey): z.infer<typeof keySchema> {
  return { id, name, roles: [...roles], created_at: createdAt, created_by: createdBy }
}

async function orFull<T>(making: Promise<T>): Promise<T> {
  try {
    return await making
  } catch (error) {
    if (error instanceof KeysFull) throw new Problem('keys-full', error.message, { cause: error })
    throw error
  }
}
