import { createRoute, z } from '@hono/zod-openapi'
import { sequenceAt, readLogStreamState } from '@pulsehouse/platform'
import { demand, needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import type { Api, ApiParts } from '../api.js'
import { checkBounds, logFilters } from '../parameters/log-filters.js'
import { moment, resolveRange } from '../parameters/time.js'
import { pacedRequestOf, respondWithEvents } from '../http/event-stream.js'
import { problemResponses } from '../http/problem.js'
import { storedFilters } from '../logs/stored-filters.js'
import { eventFilterOf } from './event-filter.js'
import { tailLimits } from './limits.js'
import { parsePosition, wholeChunk, type TailPosition } from './position.js'

const query = z.strictObject({
  ...logFilters,
  since: moment({
    description:
      'Begins with what the queue took at this moment or later, as far back as it still holds events. A `Last-Event-ID` ' +
      'comes before it',
    example: '-5m',
    fallback: 'with what comes from now on',
  }),
})

const lastEventId = z
  .string()
  .transform((text, context) => {
    const position = parsePosition(text)
    if (position !== undefined) return position
    context.addIssue({ code: 'custom', message: 'must be the id of an event of this stream, as it was sent' })
    return z.NEVER
  })
  .optional()
  .openapi({
    type: 'string',
    description:
      'The `id` of the last event that was read, or the `id` of a log. The stream goes on right behind it: no event is ' +
      'missed and none comes twice. Browsers send it by themselves. For example `1770000000-4821-17`.',
  })

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/logs/tail',
  tags: ['Logs'],
  summary: 'Log events as they arrive',
  description:
    'Server-Sent Events, straight from the queue: an event is here before it is stored. The filters are those of ' +
    '`GET /v1/logs`, and the `data` of an event is a log as it shows them. Without the role `personal`, ' +
    '`user_id` and `ip_address` are null and no text tells who somebody was. Three other things are sent: a comment with an `id` when nothing came for ' +
    `${tailLimits.heartbeatMs / 1000} s; an event \`gap\` where the queue does not hold any more what was to come, with ` +
    'the time range to ask `GET /v1/logs` for; and an event `dropped`, the last one, to a reader that is more than ' +
    `${tailLimits.windowBytesMax / 1024 / 1024} MiB of events behind the queue. A reader that takes nothing at all for ` +
    `${tailLimits.cutOffMs / 1000} s is cut off. At the most ${tailLimits.readersMax} readers at a time.`,
  request: { query, headers: z.object({ 'last-event-id': lastEventId }) },
  responses: {
    200: {
      description: 'Events until one side closes. `data` is a Log; `id` says where to go on.',
      content: {
        'text/event-stream': {
          schema: z
            .string()
            .openapi({ example: 'id: 1770000000-4821-17-1770003600\ndata: {"level":"INFO"}\n\n' }),
        },
      },
    },
    ...problemResponses('bad-parameters', 'forbidden', 'unavailable'),
  },
})

/** `GET /v1/logs/tail` */
export function addTail(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { since, ...filters } = context.req.valid('query')
    if (filters.user !== undefined || filters.ip !== undefined) demand(context, 'personal')
    checkBounds(filters)
    const sight = sightOf(context, parts)
    // SQL takes the piece of text as a pattern; here it stays what it is.
    const conditions = { ...storedFilters(filters, parts.protection), contains: filters.contains }
    const after = context.req.valid('header')['last-event-id'] ?? (await sinceOf(parts, since))
    const opening = parts.tail.open({
      audienceKey: JSON.stringify([sight, Object.entries(conditions).toSorted(byName)]),
      passes: eventFilterOf(conditions, sight),
      sight,
      after,
      ...pacedRequestOf(context, parts),
    })
    return await respondWithEvents(context, opening)
  })
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}

type Since = Parameters<typeof resolveRange>[0]['from']

/** The place in the queue right before a moment; one chunk earlier where it held older ones, which is a gap then. */
async function sinceOf({ nats, nowMs }: ApiParts, since: Since): Promise<TailPosition | undefined> {
  if (since === undefined) return undefined
  const { fromMicros } = resolveRange({ from: since, to: since }, nowMs(), 0)
  const { createdSeconds, firstSeq, firstReceivedMs = 0 } = await readLogStreamState(nats)
  const start = await sequenceAt(nats, fromMicros / 1000)
  const isGone = firstSeq > 1 && start === firstSeq && fromMicros < firstReceivedMs * 1000
  return {
    createdSeconds,
    seq: start - (isGone ? 2 : 1),
    index: wholeChunk,
    receivedSeconds: Math.floor(fromMicros / 1e6),
  }
}
