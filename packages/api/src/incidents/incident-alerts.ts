import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import type { NamedQuery } from '../query/named-query.js'
import { joinNames } from './incident.js'
import { severities } from './severities.js'
import { shownText } from './shown-text.js'

/** Alerts of one incident that are shown with it, at the most. */
export const alertsOfIncidentMax = 1_000

const time = z.string().openapi({ example: '2026-03-01T11:43:05.120Z' })

/** An alert as the API shows it: who was told of an incident, and whether it arrived. */
export const alertSchema = z
  .object({
    id: z.string().openapi({ example: '9d41e07a55c0b3f2' }),
    created: time.openapi({ description: 'The judged minute that caused it.' }),
    receiver: z.string().openapi({ description: 'Its name in the rules file.', example: 'on-call' }),
    change: z.string().openapi({ description: 'opened, escalated or resolved.', example: 'opened' }),
    severity: z.enum(severities),
    title: z.string().openapi({ example: 'POST /api/checkout of checkout is slow' }),
    state: z.string().openapi({ description: 'pending, sent, muted or given_up.', example: 'sent' }),
    attempts: z.int().openapi({ description: 'How often it was sent.' }),
    last_error: z
      .string()
      .nullable()
      .openapi({ description: 'Why the last attempt failed; null where none did.', example: 'HTTP 503' }),
    sent_at: time.nullable().openapi({ description: 'When it arrived; null while it has not.' }),
  })
  .openapi('Alert')

const parameters = z.strictObject({ id: z.string(), sight: z.enum(sights) })
const plain = ['created', 'receiver', 'change', 'severity', 'state', 'attempts', 'sent_at'] as const

/** Who was told of an incident, in the order of the changes. */
export const alertsOfIncident: NamedQuery<z.infer<typeof parameters>, z.infer<typeof alertSchema>> = {
  name: 'alerts_of_incident',
  parameters,
  row: alertSchema,
  sql: ({ sight }) => `SELECT
  a.alert_id AS id,
  ${plain.map((column) => `a.${column} AS ${column}`).join(',\n  ')},
  ${shownText('a.title', 'n.names', sight)} AS title,
  nullIf(${shownText('a.last_error', 'n.names', sight)}, '') AS last_error
FROM alerts AS a FINAL${joinNames('a', sight)}
WHERE a.incident_id = {id:String}
ORDER BY a.created, a.alert_id
LIMIT ${alertsOfIncidentMax}`,
}
