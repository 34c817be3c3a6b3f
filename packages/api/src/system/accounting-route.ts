import { createRoute, z } from '@hono/zod-openapi'
import { readAccounting, type Accounting, type Clickhouse, type NatsLink } from '@pulsehouse/platform'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { Problem, problemResponses } from '../http/problem.js'
import { limitsWithin, type QueryRun } from '../query/named-query.js'
import { QueryFailure } from '../query/query-failure.js'

const amount = (description: string) => z.int().openapi({ description })

const accountingSchema = z
  .object({
    balanced: z.boolean().openapi({
      description:
        'Whether accepted = stored + rejected + pending, every rollup counts what is stored, and no fault is left.',
    }),
    stream: z.string().openapi({ description: 'The stream accounted for, by the time it was made.' }),
    accepted: amount('Lines that the queue took, within the time for which rows are kept.'),
    stored: amount('Rows of `logs`.'),
    rejected: amount('Rows of `rejected_events`.'),
    pending: amount('Lines in the stream that are not stored yet.'),
    rolled_up: amount(
      'Events of all streams that the rollups of everything count; where they differ, what the one furthest off counts.',
    ),
    rollups: z
      .array(
        z.object({
          table: z.string(),
          expected: amount('Events of `logs` that it must have: those that are committed.'),
          counted: amount('Events that it has; more than it must while some are under way.'),
        }),
      )
      .openapi({ description: 'What each rollup counts; some count a part of the events only.' }),
    committed_seq: amount('All chunks up to this one are stored.'),
    last_seq: amount('The newest chunk of the stream.'),
    faults: z
      .array(
        z.object({
          kind: z.enum(['missing', 'doubled', 'gap', 'overlap', 'rollup']),
          range: z.object({ first: z.int(), last: z.int() }).nullable().openapi({
            description: 'The chunks concerned; null for a rollup.',
          }),
          times: z.object({ first: z.string(), last: z.string() }).nullable().openapi({
            description:
              'The first and the last minute, or hour, in which a rollup differs; null for chunks.',
          }),
          detail: z.string(),
        }),
      )
      .openapi({ description: 'What does not add up, and where.' }),
  })
  .openapi('Accounting')

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/pipeline/accounting',
  tags: ['State'],
  summary: 'Where every accepted event is',
  description:
    'Compares what the queue took with what is stored, rejected and still pending, by position, and every rollup with the raw rows, minute by minute. An account that does not ' +
    'add up is a 200 as well: `balanced` is false then, and `faults` says where.',
  request: { query: z.strictObject({}) },
  responses: {
    200: {
      description: 'The account.',
      content: { 'application/json': { schema: accountingSchema } },
    },
    ...problemResponses('bad-parameters', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/pipeline/accounting` */
export function addAccounting(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) =>
    context.json(inSnakeCase(await readLimitedAccounting(parts.nats, runOf(parts, context))), 200),
  )
}

/**
 * Accounts for every event, each query of it held to the limits of any other.
 *
 * @throws {QueryFailure} when ClickHouse gives no certain answer.
 * @throws {Problem} unavailable without a stream.
 */
export async function readLimitedAccounting(
  nats: NatsLink,
  { clickhouse, timeLimitMs, signal }: QueryRun,
): Promise<Accounting> {
  const options = { ...(signal === undefined ? {} : { signal }), limits: limitsWithin(timeLimitMs) }
  const query: Clickhouse['query'] = async (sql, given) => await clickhouse.query(sql, given, options)
  try {
    return await readAccounting(nats, { ...clickhouse, query })
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'NatsError') throw error
    if ('code' in error) throw QueryFailure.of('accounting', error)
    throw new Problem('unavailable', error.message, { cause: error })
  }
}

function inSnakeCase({
  rolledUp,
  committedSeq,
  lastSeq,
  ...rest
}: Accounting): z.infer<typeof accountingSchema> {
  return { ...rest, rolled_up: rolledUp, committed_seq: committedSeq, last_seq: lastSeq }
}
