import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import type { ExportShape } from '../export/respond-with-export.js'
import { andGiven } from '../query/conditions.js'
import type { NamedQuery } from '../query/named-query.js'
import { findingSchema, findingSelection, type Finding } from './finding.js'
import { listConditionParameters } from './incident-filters.js'
import { tieColumn } from './incident-page.js'

/** Findings of one incident that are shown with it, at the most. */
export const findingsOfIncidentMax = 1_000

/** Findings of the same minute are told apart by a hash of their id, so that the order is total. */
const order = '(toUnixTimestamp(f.started) * 1000000, halfMD5(f.finding_id))'

const conditions = {
  status: "if(f.ended IS NULL, 'open', 'resolved') = {status:String}",
  kind: 'f.kind IN {kind:Array(String)}',
  service: 'f.service IN {service:Array(String)}',
  endpoint: 'f.endpoint IN {endpoint:Array(String)}',
  rule: 'f.rule IN {rule:Array(String)}',
  after_micros: `${order} < ({after_micros:Int64}, {after_tie:UInt64})`,
} as const

const parameters = z.strictObject({
  ...listConditionParameters,
  sight: z.enum(sights),
  endpoint: z.array(z.string()).optional(),
  rule: z.array(z.string()).optional(),
})
const row = findingSchema.extend(tieColumn)

/** The newest findings that were going on in a range of time, pass all filters and lie behind the cursor. */
export const searchFindings: Omit<NamedQuery<z.infer<typeof parameters>, z.infer<typeof row>>, 'sql'> & {
  sql: (given: z.infer<typeof parameters>, shape?: ExportShape) => string
} = {
  name: 'search_findings',
  parameters,
  row,
  sql: (given, shape) => `SELECT
  ${findingSelection(given.sight, shape?.nested)}${given.limit === undefined ? '' : ',\n  toString(halfMD5(f.finding_id)) AS tie'}
FROM findings AS f FINAL
WHERE f.started < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')
  AND (f.ended IS NULL OR f.ended > fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC'))
  AND f.severity IN {severity:Array(String)}${andGiven(conditions, given)}
ORDER BY ${order} DESC${given.limit === undefined ? '' : '\nLIMIT {limit:UInt32}'}`,
}

const one = z.strictObject({ id: z.string(), sight: z.enum(sights) })

/** One finding, by its id. */
export const findingById: NamedQuery<z.infer<typeof one>, Finding> = {
  name: 'finding_by_id',
  parameters: one,
  row: findingSchema,
  sql: ({ sight }) => `SELECT
  ${findingSelection(sight)}
FROM findings AS f FINAL
WHERE f.finding_id = {id:String}`,
}

/** The findings of an incident, in the order in which they began. */
export const findingsOfIncident: NamedQuery<z.infer<typeof one>, Finding> = {
  name: 'findings_of_incident',
  parameters: one,
  row: findingSchema,
  sql: ({ sight }) => `SELECT
  ${findingSelection(sight)}
FROM findings AS f FINAL
WHERE f.incident_id = {id:String}
ORDER BY f.started, f.finding_id
LIMIT ${findingsOfIncidentMax}`,
}
