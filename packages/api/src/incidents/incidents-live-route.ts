import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import type { Api, ApiParts } from '../api.js'
import { pacedRequestOf, respondWithEvents } from '../http/event-stream.js'
import { problemResponses } from '../http/problem.js'
import { incidentChangeSchema } from './incident-changes.js'
import { subjectFilters } from './incident-filters.js'
import type { Incident } from './incident.js'
import { liveLimits } from './live-limits.js'
import { parseLivePosition } from './live-position.js'
import { severitiesByDefault } from './severities.js'

const query = z.strictObject(subjectFilters)

const lastEventId = z
  .string()
  .transform((text, context) => {
    const position = parseLivePosition(text)
    if (position !== undefined) return position
    context.addIssue({ code: 'custom', message: 'must be the id of an event of this stream, as it was sent' })
    return z.NEVER
  })
  .optional()
  .openapi({
    type: 'string',
    description:
      'The `id` of the last event that was read: the stream goes on right behind it. Browsers send it by themselves. ' +
      'For example `1770000000-5f0c1d9e7a3b2468`.',
  })

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/incidents/live',
  tags: ['Incidents'],
  summary: 'Incidents as they are opened, change and are resolved',
  description:
    'Server-Sent Events. The `data` of an event is an incident as `GET /v1/incidents` shows it, with its `change`; the ' +
    `filters are the same. ClickHouse is asked every ${liveLimits.pollEveryMs / 1000} s. With \`Last-Event-ID\` comes, once each and ` +
    'as it is now, every incident that changed since: no change is missed, and several changes of one incident are told as ' +
    'the last. Two other things are sent: a comment when nothing came for ' +
    `${liveLimits.heartbeatMs / 1000} s, with an \`id\` where all is known, without one while ClickHouse does not answer; and an event ` +
    `\`dropped\`, the last one, to a reader for whom more than ${liveLimits.waitingMax} changes wait. A reader that takes nothing at all for ` +
    `${liveLimits.cutOffMs / 1000} s is cut off. At the most ${liveLimits.readersMax} readers at a time.`,
  request: { query, headers: z.object({ 'last-event-id': lastEventId }) },
  responses: {
    200: {
      description: 'Events until one side closes. `data` is an IncidentChange; `id` says where to go on.',
      content: {
        'text/event-stream': {
          schema: z.string().openapi({
            example: 'id: 1770000000-5f0c1d9e7a3b2468\ndata: {"id":"5f0c1d9e7a3b2468","change":"opened"}\n\n',
          }),
        },
      },
    },
    ...problemResponses('bad-parameters', 'forbidden', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/incidents/live` */
export function addIncidentsLive(app: Api, parts: ApiParts): void {
  // What the events are made of is in the document, though no answer has it as its whole body.
  app.openAPIRegistry.register('IncidentChange', incidentChangeSchema)
  app.openapi(route, async (context) => {
    const opening = parts.incidents.open({
      passes: filterOf(context.req.valid('query')),
      sight: sightOf(context, parts),
      after: context.req.valid('header')['last-event-id'],
      ...pacedRequestOf(context, parts),
    })
    return await respondWithEvents(context, opening)
  })
}

/** The same as the filters of the list mean in SQL. */
function filterOf({
  severity = [...severitiesByDefault],
  kind,
  service,
}: z.output<typeof query>): (incident: Incident) => boolean {
  const has = (wanted: readonly string[] | undefined, values: readonly string[]): boolean =>
    wanted === undefined || values.some((value) => wanted.includes(value))
  return (incident) =>
    severity.includes(incident.severity) && has(kind, incident.kinds) && has(service, incident.services)
}
