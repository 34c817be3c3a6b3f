import { z } from '@hono/zod-openapi'
import type { Sight } from '../access/sight.js'
import type { ExportShape } from '../export/respond-with-export.js'
import { maskedInSql } from '../access/mask-people.js'
import { severities, statuses } from './severities.js'
import { namesOfFinding, shownEntity, shownText } from './shown-text.js'

const minute = z.string().openapi({ example: '2026-03-01T11:42:00Z' })
/** JSON has no infinity: a band that is open at one end has null there. */
const measured = (description: string) => z.number().nullable().openapi({ description })
const name = (description: string, example: string) => z.string().nullable().openapi({ description, example })

const causeSchema = z.object({
  dimension: z.string().openapi({ example: 'server' }),
  value: z.string().openapi({ example: '10.0.0.12' }),
  share: measured('Of the change, from 0 to 1.'),
  observed: measured('In the unit of the finding.'),
  expected: measured('In the unit of the finding.'),
})

const exampleSchema = z.object({
  request_id: z.string().openapi({ example: 'req_90412' }),
  logs: z.string().openapi({
    description: 'Address of the logs of this request.',
    example: '/v1/logs?request=req_90412&from=2026-03-01T11:42:00Z&to=2026-03-01T11:50:00Z',
  }),
})

/** A finding as the API shows it. */
export const findingSchema = z
  .object({
    id: z.string().openapi({ example: '5f0c1d9e7a3b2468' }),
    incident_id: z
      .string()
      .openapi({ description: 'The incident that it belongs to.', example: '5f0c1d9e7a3b2468' }),
    rule: z.string().openapi({ description: 'The rule that found it.', example: 'endpoint-latency' }),
    kind: z.string().openapi({ description: 'What was found.', example: 'latency_regression' }),
    severity: z.enum(severities),
    status: z.enum(statuses).openapi({ description: 'Whether it goes on.' }),
    service: name('Null where all are meant.', 'checkout'),
    endpoint: name('Null where all are meant.', '/api/checkout'),
    entity_type: name('ip_address, ip_network, user or session; null where nobody is meant.', 'ip_network'),
    entity: name(
      'Who did it, a pseudonym; null where nobody is meant, and users and addresses for keys without the role `personal`.',
      '203.0.113.0/24',
    ),
    metric: z.string().openapi({ example: 'response_time_p95' }),
    unit: z.string().openapi({ description: 'ms, events/min, ratio or count.', example: 'ms' }),
    observed: measured('The worst value so far.'),
    expected: measured('What was expected instead.'),
    expected_low: measured('Lower end of what would have been usual; null where there is none.'),
    expected_high: measured('Upper end of what would have been usual; null where there is none.'),
    baseline: z.string().openapi({
      description: 'What the expectation was made from.',
      example: 'the same minutes of the last 3 weeks',
    }),
    score: measured('About the number of zeros of its probability.'),
    title: z.string().openapi({ example: 'POST /api/checkout of checkout is slow' }),
    summary: z.string().openapi({
      description:
        'What happened, where and how bad. People are masked for keys without the role `personal`.',
      example: 'The 95th percentile is 2,140 ms, expected were 240 to 420 ms.',
    }),
    causes: z
      .array(causeSchema)
      .openapi({ description: 'What explains most of the change, the largest share first.' }),
    examples: z.array(exampleSchema).openapi({ description: 'Requests to look at.' }),
    started: minute.openapi({ description: 'The first minute that is part of it, UTC.' }),
    ended: minute.nullable().openapi({ description: 'The end of its last minute; null while it goes on.' }),
    judged_minute: minute.openapi({ description: 'The minute by which it was last judged.' }),
    detected_at: z.string().openapi({
      description: 'When it was first written down.',
      example: '2026-03-01T11:43:05.120Z',
    }),
  })
  .openapi('Finding')

/** A finding as the API shows it. */
export type Finding = z.infer<typeof findingSchema>

/** The time of a finding as an address of the API takes it; what goes on has no end. */
const minutesInAddress = [
  "'&from=', formatDateTime(f.started, '%FT%TZ', 'UTC')",
  "ifNull(concat('&to=', formatDateTime(f.ended, '%FT%TZ', 'UTC')), '')",
].join(', ')

/** A comma within a value of a list has a backslash before it. */
const requestInAddress = String.raw`encodeURLComponent(replaceAll(request, ',', '\\,'))`

function examplesFor(sight: Sight): string {
  const type = "'Array(Tuple(request_id String, logs String))'"
  if (sight === 'bare') return `CAST([], ${type})`
  const requests = `arrayMap(request -> ${maskedInSql('request', sight)}, f.example_requests)`
  return `CAST(arrayMap(request -> (request, concat('/v1/logs?request=', ${requestInAddress}, ${minutesInAddress})), ${requests}), ${type})`
}

function causesFor(sight: Sight): string {
  const value = shownText('cause.value', namesOfFinding, sight)
  return `CAST(arrayMap(cause -> (cause.dimension, ${value}, cause.share, cause.observed, cause.expected), f.causes), 'Array(Tuple(dimension String, value String, share Float64, observed Float64, expected Float64))')`
}

const plainBefore = ['rule', 'kind', 'severity'] as const
const numbers = ['observed', 'expected', 'expected_low', 'expected_high'] as const
const plainAfter = ['started', 'ended', 'judged_minute', 'detected_at'] as const

/** A finding as the API shows it to whoever sees so much of people, from `findings AS f FINAL`. */
export function findingSelection(sight: Sight, nested: ExportShape['nested'] = 'as_is'): string {
  const nest = (value: string): string => (nested === 'as_json' ? `toJSONString(${value})` : value)
  const text = (column: string): string => `${shownText(`f.${column}`, namesOfFinding, sight)} AS ${column}`
  return [
    'f.finding_id AS id',
    'f.incident_id AS incident_id',
    ...plainBefore.map((column) => `f.${column} AS ${column}`),
    "if(f.ended IS NULL, 'open', 'resolved') AS status",
    "nullIf(f.service, '') AS service",
    "nullIf(f.endpoint, '') AS endpoint",
    "nullIf(f.entity_type, '') AS entity_type",
    `${shownEntity(sight)} AS entity`,
    'f.metric AS metric',
    'f.unit AS unit',
    ...numbers.map((column) => `f.${column} AS ${column}`),
    text('baseline'),
    'f.score AS score',
    text('title'),
    text('summary'),
    `${nest(causesFor(sight))} AS causes`,
    `${nest(examplesFor(sight))} AS examples`,
    ...plainAfter.map((column) => `f.${column} AS ${column}`),
  ].join(',\n  ')
}
