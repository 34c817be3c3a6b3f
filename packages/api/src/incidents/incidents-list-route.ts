import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { listResponses } from '../export/list-responses.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import { fingerprintOf } from '../parameters/page-cursor.js'
import { runQuery } from '../query/named-query.js'
import { listParameters } from './incident-filters.js'
import { pageOf, planPage } from './incident-page.js'
import { incidentSchema } from './incident.js'
import { searchIncidents } from './search-incidents.js'
import { severitiesByDefault } from './severities.js'

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/incidents',
  tags: ['Incidents'],
  summary: 'What is or was wrong, newest first',
  description:
    'Incidents that were going on in a time range: findings that belong together, told as one. `kind` and `service` ask ' +
    'whether one of its findings has them. `GET /v1/incidents/{id}` says why, `GET /v1/incidents/live` tells of new ones. ' +
    'Pages follow each other by `cursor`.',
  request: { query: z.strictObject(listParameters) },
  responses: listResponses(incidentSchema, 'incidents', 'incidents'),
})

/** `GET /v1/incidents` */
export function addIncidentList(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, limit, cursor, ...filters } = context.req.valid('query')
    const search = fingerprintOf('incidents', filters)
    const plan = planPage({ from, to, limit, cursor }, search, parts)
    const severity = filters.severity ?? [...severitiesByDefault]
    const sought = { ...filters, severity, ...plan.where, sight: sightOf(context, parts) }
    const run = runOf(parts, context)
    const names = { what: 'incidents', range: plan.range, run }
    const file = await exportIfAsked(context, searchIncidents, sought, names)
    if (file !== undefined) return file
    const rows = await runQuery(searchIncidents, { ...sought, limit: plan.limit }, run)
    return context.json({ ...pageOf(rows, plan, search, parts.cursors), tables: ['incidents'] }, 200)
  })
}
