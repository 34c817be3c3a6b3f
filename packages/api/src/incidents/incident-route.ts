import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { Problem, problemResponses } from '../http/problem.js'
import { runQuery } from '../query/named-query.js'
import { findingId } from './finding-id.js'
import { findingSchema } from './finding.js'
import { alertsOfIncident, alertsOfIncidentMax, alertSchema } from './incident-alerts.js'
import { incidentSchema } from './incident.js'
import { findingsOfIncident, findingsOfIncidentMax } from './search-findings.js'
import { incidentById } from './search-incidents.js'

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/incidents/{id}',
  tags: ['Incidents'],
  summary: 'One incident, with its findings and who was told',
  description:
    'Everything that is known of it: each finding with its band, what explains the change and requests to look at; each ' +
    `alert and whether it arrived. The first ${findingsOfIncidentMax} findings and ${alertsOfIncidentMax} alerts. A key ` +
    'without the role `personal` sees no users and no addresses.',
  request: { params: z.object({ id: findingId('`id` of an incident.') }), query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The incident.',
      content: {
        'application/json': {
          schema: z.object({
            data: incidentSchema,
            findings: z.array(findingSchema).openapi({ description: 'In the order in which they began.' }),
            alerts: z
              .array(alertSchema)
              .openapi({ description: 'In the order of the changes that caused them.' }),
            tables: z.array(z.string()).openapi({ example: ['incidents', 'findings', 'alerts'] }),
          }),
        },
      },
    },
    ...problemResponses('bad-parameters', 'not-found', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/incidents/{id}` */
export function addIncident(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { id } = context.req.valid('param')
    const asked = { id, sight: sightOf(context, parts) }
    const run = runOf(parts, context)
    const [[data], findings, alerts] = await Promise.all([
      runQuery(incidentById, asked, run),
      runQuery(findingsOfIncident, asked, run),
      runQuery(alertsOfIncident, asked, run),
    ])
    if (data === undefined) {
      throw new Problem('not-found', `There is no incident ${id}; GET /v1/incidents lists them.`)
    }
    return context.json({ data, findings, alerts, tables: ['incidents', 'findings', 'alerts'] }, 200)
  })
}
