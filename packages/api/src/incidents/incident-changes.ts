import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import type { NamedQuery } from '../query/named-query.js'
import { incidentSchema, incidentSelection, joinNames } from './incident.js'

/** An incident as the live stream sends it. */
export const incidentChangeSchema = incidentSchema
  .extend({
    change: z.enum(['opened', 'updated', 'resolved']).openapi({
      description:
        'opened: it was not there at the reader’s place before. resolved: it is over. updated: anything else, as another severity or one more finding.',
    }),
  })
  .openapi('IncidentChange')

const row = incidentChangeSchema.extend({
  /** The minute by which it was judged last, seconds since 1970. */
  minute: z.int(),
})

/** An incident that has changed, and when. */
export type ChangedIncident = z.infer<typeof row>

const place = z.object({ minute: z.int(), incident: z.string() })

/**
 * The place of the newest change; no row where there are no findings. Old versions count as well as new ones, so that
 * nothing has to be merged for an answer that is asked for every other second.
 */
export const newestChange: NamedQuery<Record<string, never>, z.infer<typeof place>> = {
  name: 'newest_change',
  parameters: z.record(z.string(), z.never()),
  row: place,
  sql: () => `SELECT toUnixTimestamp(judged_minute) AS minute, incident_id AS incident
FROM findings
ORDER BY judged_minute DESC, incident_id DESC
LIMIT 1`,
}

const parameters = z.strictObject({
  after_minute: z.int(),
  after_incident: z.string(),
  to_minute: z.int(),
  to_incident: z.string(),
  sight: z.enum(sights),
  limit: z.int(),
})

/**
 * When an incident was first judged, as far as that is still known: versions of a finding are merged into the newest, but
 * each of them has the time at which the first was written.
 */
const firstJudged = `least(
      toUnixTimestamp(min(f.judged_minute)),
      intDiv(toUnixTimestamp(toDateTime(min(f.detected_at), 'UTC')), 60) * 60 - 60
    )`

const order = '(toUnixTimestamp(i.updated), i.incident_id)'
const after = '({after_minute:Int64}, {after_incident:String})'

/** Incidents that changed behind a place and up to another one, as they are now, in the order of their changes. */
export const incidentChanges: NamedQuery<z.infer<typeof parameters>, ChangedIncident> = {
  name: 'incident_changes',
  parameters,
  row,
  sql: ({ sight }) => `SELECT
  ${incidentSelection(sight)},
  multiIf(i.status = 'resolved', 'resolved', (o.first, i.incident_id) > ${after}, 'opened', 'updated') AS change,
  toUnixTimestamp(i.updated) AS minute
FROM incidents AS i
INNER JOIN (
  SELECT f.incident_id AS incident_id, ${firstJudged} AS first
  FROM findings AS f
  GROUP BY incident_id
) AS o ON o.incident_id = i.incident_id${joinNames('i', sight)}
WHERE ${order} > ${after}
  AND ${order} <= ({to_minute:Int64}, {to_incident:String})
ORDER BY ${order}
LIMIT {limit:UInt32}`,
}
