import { createRoute, z } from '@hono/zod-openapi'
import { readIngestLag } from '@pulsehouse/platform'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { exportContent } from '../export/formats.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import { isoOf } from '../parameters/minute-range.js'
import { minuteSeconds } from '../parameters/step.js'
import { moment, resolveRange } from '../parameters/time.js'
import { BadParameters, Problem, problemResponses } from '../http/problem.js'
import { ingestDelays } from './ingest-delays.js'
import { runQuery } from '../query/named-query.js'

/** The delays are told for this long at the most, seconds: a row a minute. */
const rangeSecondsMax = 86_400

/** How far the ingester is behind, as the API shows it. */
export const lagSchema = z
  .object({
    chunks: z.int().openapi({ description: 'Chunks of the queue that are not stored yet.', example: 2 }),
    seconds: z.number().openapi({
      description: 'How long the oldest of them has waited, seconds; 0 where none waits.',
      example: 0.4,
    }),
    committed_seq: z.int().openapi({ description: 'All chunks up to this one are stored.', example: 4711 }),
    last_seq: z.int().openapi({ description: 'The newest chunk of the queue.', example: 4713 }),
  })
  .openapi('PipelineLag')

const lagRoute = createRoute({
  method: 'get',
  path: '/v1/pipeline/lag',
  ...needs('read'),
  tags: ['State'],
  summary: 'How far the ingester is behind the queue',
  description: 'Read from the queue alone, so that there is an answer while ClickHouse is away.',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'What waits, and for how long.',
      content: { 'application/json': { schema: lagSchema } },
    },
    ...problemResponses('bad-parameters', 'unavailable'),
  },
})

const time = z.string().openapi({ example: '2026-03-01T12:00:00Z' })
const delaySchema = z
  .object({
    time: time.openapi({ description: 'Start of the minute in which batches were inserted, UTC.' }),
    batches: z.int(),
    stored: z.int().openapi({ description: 'Events that were stored.' }),
    rejected: z.int().openapi({ description: 'Lines that were kept as rejected events.' }),
    delay_mean: z.number().openapi({ description: 'Mean delay of the batches, seconds.' }),
    delay_max: z.number().openapi({ description: 'Longest delay of a batch, seconds.' }),
  })
  .openapi('PipelineDelay')

const delaysRoute = createRoute({
  method: 'get',
  path: '/v1/pipeline/delays',
  ...needs('read'),
  tags: ['State'],
  summary: 'How long events waited before they were stored, by minute',
  description:
    'The time between the queue and the tables: of each batch, how long its newest chunk waited until it was inserted. ' +
    'Minutes in which nothing was stored have no row. At the most a day.',
  request: {
    query: z.strictObject({
      from: moment({
        description: 'Start of the time range, brought back to the whole minute',
        example: '-30m',
        fallback: 'a day before its end',
      }),
      to: moment({
        description: 'End of the time range, brought forward to the whole minute, not included',
        example: 'now',
        fallback: 'now, with the minute that is still filling',
      }),
    }),
  },
  responses: {
    200: {
      description: 'A row a minute, in the order of time, and the range that was really used.',
      content: {
        'application/json': {
          schema: z.object({
            data: z.array(delaySchema),
            from: time.openapi({ description: 'Start that was used, included.' }),
            to: time.openapi({ description: 'End that was used, not included.' }),
          }),
        },
        ...exportContent,
      },
    },
    ...problemResponses('bad-parameters', 'not-acceptable', 'unavailable', 'time-limit'),
  },
})

/** The same rows, with their time in words. */
const delaysFile: typeof ingestDelays = {
  ...ingestDelays,
  sql: (
    given,
  ) => `SELECT formatDateTime(toDateTime(time_seconds, 'UTC'), '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS time, * EXCEPT time_seconds
FROM (${ingestDelays.sql(given)})`,
}

/** `GET /v1/pipeline/lag` and `GET /v1/pipeline/delays` */
export function addPipelineLag(app: Api, parts: ApiParts): void {
  app.openapi(lagRoute, async (context) => context.json(await lagOf(parts), 200))
  app.openapi(delaysRoute, async (context) => {
    const range = resolveRange(context.req.valid('query'), parts.nowMs(), 0)
    const fromSeconds = Math.floor(range.fromMicros / 60e6) * minuteSeconds
    const toSeconds = Math.ceil(range.toMicros / 60e6) * minuteSeconds
    // The two ends are rounded away from each other.
    if (toSeconds - fromSeconds > rangeSecondsMax + 2 * minuteSeconds) throw tooLong()
    const given = { from_seconds: fromSeconds, to_seconds: toSeconds, step_seconds: minuteSeconds }
    const run = runOf(parts, context)
    const whole = { fromMicros: fromSeconds * 1e6, toMicros: toSeconds * 1e6 }
    const file = await exportIfAsked(context, delaysFile, given, { what: 'delays', range: whole, run })
    if (file !== undefined) return file
    const rows = await runQuery(ingestDelays, given, run)
    const data = rows.map(({ time_seconds: start, ...rest }) => ({ time: isoOf(start), ...rest }))
    return context.json({ data, from: isoOf(fromSeconds), to: isoOf(toSeconds) }, 200)
  })
}

/** Reads how far the ingester is behind. @throws {Problem} unavailable without a stream. */
export async function lagOf({ nats, nowMs }: ApiParts): Promise<z.infer<typeof lagSchema>> {
  try {
    const { chunks, seconds, committedSeq, lastSeq } = await readIngestLag(nats, nowMs())
    return { chunks, seconds, committed_seq: committedSeq, last_seq: lastSeq }
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'NatsError') throw error
    throw new Problem('unavailable', error.message, { cause: error })
  }
}

function tooLong(): BadParameters {
  return new BadParameters([
    { parameter: 'from', message: 'must lie a day before the end at the most: choose a shorter range' },
  ])
}
