import { z } from '@hono/zod-openapi'
import type { Sight } from '../access/sight.js'
import { severities, statuses } from './severities.js'
import { namesOfFinding, shownText } from './shown-text.js'

const minute = z.string().openapi({ example: '2026-03-01T11:42:00Z' })

/** An incident as the API shows it: findings that belong together, told as one. */
export const incidentSchema = z
  .object({
    id: z
      .string()
      .openapi({ description: 'The id of the finding that opened it.', example: '5f0c1d9e7a3b2468' }),
    status: z.enum(statuses).openapi({ description: 'Whether one of its findings goes on.' }),
    severity: z.enum(severities).openapi({ description: 'That of its worst finding.' }),
    kind: z.string().openapi({ description: 'That of its worst finding.', example: 'latency_regression' }),
    kinds: z
      .array(z.string())
      .openapi({ description: 'Of all its findings.', example: ['latency_regression'] }),
    title: z.string().openapi({
      description: 'What its worst finding says. People are masked for keys without the role `personal`.',
      example: 'POST /api/checkout of checkout is slow',
    }),
    summary: z.string().openapi({
      description: 'What happened, where and how bad.',
      example: 'The 95th percentile is 2,140 ms, expected were 240 to 420 ms.',
    }),
    services: z.array(z.string()).openapi({
      description: 'Services that are named by its findings; none where all are meant.',
      example: ['checkout'],
    }),
    started: minute.openapi({ description: 'The first minute that is part of it, UTC.' }),
    ended: minute.nullable().openapi({ description: 'The end of its last minute; null while it goes on.' }),
    updated: minute.openapi({ description: 'The newest minute by which it was judged.' }),
    findings: z.int().openapi({ description: 'How many findings it has.', example: 3 }),
  })
  .openapi('Incident')

/** An incident as the API shows it. */
export type Incident = z.infer<typeof incidentSchema>

const plain = [
  'status',
  'severity',
  'kind',
  'kinds',
  'services',
  'started',
  'ended',
  'updated',
  'findings',
] as const

/** An incident as the API shows it to whoever sees so much of people, from `incidents AS i` and {@link joinNames}. */
export function incidentSelection(sight: Sight): string {
  return [
    'i.incident_id AS id',
    ...(['title', 'summary'] as const).map(
      (name) => `${shownText(`i.${name}`, 'n.names', sight)} AS ${name}`,
    ),
    ...plain.map((name) => `i.${name} AS ${name}`),
  ].join(',\n  ')
}

/** Joins the names that the texts of an incident may not show, as `n`, where clear values are kept. */
export function joinNames(table: 'i' | 'a', sight: Sight): string {
  if (sight !== 'bare') return ''
  return `
LEFT JOIN (
  SELECT f.incident_id AS incident_id, arraySort(name -> -length(name), groupUniqArrayArray(${namesOfFinding})) AS names
  FROM findings AS f
  GROUP BY incident_id
) AS n ON n.incident_id = ${table}.incident_id`
}
