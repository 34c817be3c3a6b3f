import { createRoute, z } from '@hono/zod-openapi'
import { limits, rejectionReasons } from '@pulsehouse/events'
import { needs } from '../access/needs.js'
import type { Api, ApiParts } from '../api.js'
import { bodyTypes } from './body-lines.js'
import { intakeLimits } from './limits.js'
import { problemResponses } from '../http/problem.js'

/** Reads nothing of the body by itself: the intake does, within its limits. */
const bodyContent = {
  [bodyTypes.ndjson]: {
    schema: { type: 'string', description: 'One event a line, as a JSON object.' },
    example: '{"timestamp":"2026-03-01T12:00:00Z","level":"INFO","service":"cart","message":"started"}\n',
  },
  [bodyTypes.json]: {
    schema: { type: ['object', 'array'], description: 'One event, or an array of events.' },
    example: [{ level: 'INFO', service: 'cart', message: 'started' }],
  },
} as const

const mebibytes = intakeLimits.bodyBytesMax / 1024 / 1024
const route = createRoute({
  ...needs('ingest'),
  method: 'post',
  path: '/v1/events',
  tags: ['Events'],
  summary: 'Send events',
  description:
    'Takes events from those who do not speak NATS, and answers when the queue has them on its disk. Each is checked ' +
    `first; what is no event is refused and named in the answer (the first ${intakeLimits.refusedListedMax}, the others are ` +
    'counted), and not queued. Where nothing is an event, the answer is 400. The fields are those of the data catalog; ' +
    `whatever else an event carries becomes its attributes. A body has ${mebibytes} MiB at the most, also when it is ` +
    `unpacked, an event ${limits.lineBytesMax / 1024} KiB, and the whole body must come within 10 s; ` +
    '`Content-Encoding: gzip` is understood. 503 says how many chunks were queued when the queue is full or away.',
  request: {
    query: z.strictObject({}),
    headers: z.object({
      'idempotency-key': z
        .string()
        .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters without spaces')
        .optional()
        .openapi({
          description:
            'The same body that is sent again by the same API key with the same text here within 2 minutes is not ' +
            'stored twice. Without it, a retry is.',
          example: 'batch-4821',
        }),
    }),
    body: { required: true, content: bodyContent as never },
  },
  responses: {
    202: {
      description: 'The accepted events are in the queue, durably; what was refused is not.',
      content: {
        'application/json': {
          schema: z.object({
            accepted: z.int().openapi({ description: 'Events that are in the queue.' }),
            chunks: z.int().openapi({ description: 'Messages of the queue that carry them.' }),
            refused_count: z.int().openapi({ description: 'Lines that are no event.' }),
            refused: z
              .array(
                z.object({
                  line: z.int().openapi({ description: 'The line, or the member of the array, from 1.' }),
                  reason: z.enum(rejectionReasons),
                  detail: z.string(),
                }),
              )
              .openapi({ description: 'The first of them.' }),
          }),
        },
      },
    },
    ...problemResponses('bad-parameters', 'body-too-large', 'bad-content-type', 'unavailable'),
  },
})

/** `POST /v1/events` */
export function addEvents(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const idempotencyKey = context.req.valid('header')['idempotency-key']
    const caller = context.get('key')?.id ?? ''
    const retry = idempotencyKey === undefined ? undefined : { caller, idempotencyKey }
    const { accepted, chunks, refused, refusedCount } = await parts.intake.take(context.req.raw, retry)
    return context.json({ accepted, chunks, refused_count: refusedCount, refused }, 202)
  })
}
