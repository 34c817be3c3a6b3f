import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import { andGiven } from '../query/conditions.js'
import type { NamedQuery } from '../query/named-query.js'
import { incidentSchema, incidentSelection, joinNames, type Incident } from './incident.js'
import { listConditionParameters } from './incident-filters.js'
import { tieColumn } from './incident-page.js'

/** Incidents of the same minute are told apart by a hash of their id, so that the order is total. */
const order = '(toUnixTimestamp(i.started) * 1000000, halfMD5(i.incident_id))'

const conditions = {
  status: 'i.status = {status:String}',
  kind: 'hasAny(i.kinds, {kind:Array(String)})',
  service: 'hasAny(i.services, {service:Array(String)})',
  after_micros: `${order} < ({after_micros:Int64}, {after_tie:UInt64})`,
} as const

const parameters = z.strictObject({ ...listConditionParameters, sight: z.enum(sights) })
const row = incidentSchema.extend(tieColumn)

/** The newest incidents that were going on in a range of time, pass all filters and lie behind the cursor. */
export const searchIncidents: NamedQuery<z.infer<typeof parameters>, z.infer<typeof row>> = {
  name: 'search_incidents',
  parameters,
  row,
  sql: (given) => `SELECT
  ${incidentSelection(given.sight)}${given.limit === undefined ? '' : ',\n  toString(halfMD5(i.incident_id)) AS tie'}
FROM incidents AS i${joinNames('i', given.sight)}
WHERE i.started < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')
  AND (i.ended IS NULL OR i.ended > fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC'))
  AND i.severity IN {severity:Array(String)}${andGiven(conditions, given)}
ORDER BY ${order} DESC${given.limit === undefined ? '' : '\nLIMIT {limit:UInt32}'}`,
}

const one = z.strictObject({ id: z.string(), sight: z.enum(sights) })

/** One incident, by its id. */
export const incidentById: NamedQuery<z.infer<typeof one>, Incident> = {
  name: 'incident_by_id',
  parameters: one,
  row: incidentSchema,
  sql: ({ sight }) => `SELECT
  ${incidentSelection(sight)}
FROM incidents AS i${joinNames('i', sight)}
WHERE i.incident_id = {id:String}`,
}
