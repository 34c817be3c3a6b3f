import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { listResponses } from '../export/list-responses.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import { textList } from '../parameters/lists.js'
import { fingerprintOf } from '../parameters/page-cursor.js'
import { sharedParameters } from '../parameters/shared.js'
import { runQuery } from '../query/named-query.js'
import { findingSchema } from './finding.js'
import { listParameters } from './incident-filters.js'
import { pageOf, planPage } from './incident-page.js'
import { searchFindings } from './search-findings.js'
import { severitiesByDefault } from './severities.js'

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/findings',
  tags: ['Incidents'],
  summary: 'What the detector found, newest first',
  description:
    'Findings that were going on in a time range, each with what was observed and expected, what explains the change, and ' +
    'requests to look at. Those of the severity info are listed where `severity` asks for them. A key without the role ' +
    '`personal` sees no users and no addresses. Pages follow each other by `cursor`.',
  request: {
    query: z.strictObject({
      ...listParameters,
      endpoint: sharedParameters.endpoint,
      rule: textList({ description: 'Rules, separated by commas.', example: 'endpoint-latency' }),
    }),
  },
  responses: listResponses(findingSchema, 'findings', 'findings'),
})

/** `GET /v1/findings` */
export function addFindings(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { from, to, limit, cursor, ...filters } = context.req.valid('query')
    const search = fingerprintOf('findings', filters)
    const plan = planPage({ from, to, limit, cursor }, search, parts)
    const severity = filters.severity ?? [...severitiesByDefault]
    const sought = { ...filters, severity, ...plan.where, sight: sightOf(context, parts) }
    const run = runOf(parts, context)
    const names = { what: 'findings', range: plan.range, run }
    const file = await exportIfAsked(context, searchFindings, sought, names)
    if (file !== undefined) return file
    const rows = await runQuery(searchFindings, { ...sought, limit: plan.limit }, run)
    return context.json({ ...pageOf(rows, plan, search, parts.cursors), tables: ['findings'] }, 200)
  })
}
