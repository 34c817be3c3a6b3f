import type { z } from '@hono/zod-openapi'
import type { Clickhouse, QueryLimits, QueryParameters } from '@pulsehouse/platform'
import { QueryFailure } from './query-failure.js'

/** A query as a value: everything that ClickHouse is ever asked by the API is one of these. */
export interface NamedQuery<Parameters extends QueryParameters, Row> {
  /** For logs and errors. */
  name: string
  /** What the placeholders take; nothing else reaches the query. */
  parameters: z.ZodType<Parameters>
  /** Checks every row: an answer of another shape is an error, not data. */
  row: z.ZodType<Row>
  /** SQL with `{name:Type}` placeholders. It is put together from constants; no text of a user is ever part of it. */
  sql: (parameters: Parameters) => string
  /** Whether it reads few rows that cost much each, as those with the states of a rollup. */
  heavyRows?: boolean
}

/** What a query runs with. */
export interface QueryRun {
  clickhouse: Clickhouse
  /** Milliseconds after which the query is given up. */
  timeLimitMs: number
  /** Fires when nobody waits for the answer any more. */
  signal?: AbortSignal
}

/** ClickHouse is told a little less than the limit, so that its own answer arrives before we hang up. */
const serverShare = 0.8
/** One query may take this much memory, bytes; half of what the read-only user may. */
const memoryBytesMax = 2 * 1024 * 1024 * 1024
/** Rows of one result at the most, above what any route asks for: an export has limits of its own. */
const resultRowsMax = 100_000
/**
 * Bytes of one result at the most, because the answer is made of it in memory, several times over. The longest series
 * with all measures has half of it (fat-answers.integration.test.ts).
 */
export const resultBytesMax = 16 * 1024 * 1024

/** What ClickHouse holds a query to that we wait for so long. */
export function limitsWithin(timeLimitMs: number): QueryLimits {
  return {
    timeSeconds: (timeLimitMs * serverShare) / 1000,
    memoryBytes: memoryBytesMax,
    resultRows: resultRowsMax,
    resultBytes: resultBytesMax,
  }
}

/**
 * Runs a query.
 *
 * @throws {QueryFailure} whenever there is no certain answer; an empty list says that there are no rows.
 */
export async function runQuery<Parameters extends QueryParameters, Row>(
  query: NamedQuery<Parameters, Row>,
  given: Parameters,
  run: QueryRun,
): Promise<Row[]> {
  const parameters = query.parameters.parse(given)
  const timeLimit = AbortSignal.timeout(run.timeLimitMs)
  const signal = run.signal === undefined ? timeLimit : AbortSignal.any([run.signal, timeLimit])
  const answer = await ask(query, run, parameters, signal, timeLimit)
  const rows = query.row.array().safeParse(answer)
  if (!rows.success) {
    const [issue] = rows.error.issues
    const why = `rows of another shape, at ${issue?.path.join('.')}: ${issue?.message}`
    throw new QueryFailure('failed', query.name, why, rows.error)
  }
  return rows.data
}

async function ask<Parameters extends QueryParameters, Row>(
  { name, sql, heavyRows = false }: NamedQuery<Parameters, Row>,
  { clickhouse, timeLimitMs }: QueryRun,
  parameters: Parameters,
  signal: AbortSignal,
  timeLimit: AbortSignal,
): Promise<unknown[]> {
  try {
    return await clickhouse.query<unknown>(sql(parameters), parameters, {
      signal,
      limits: limitsWithin(timeLimitMs),
      heavyRows,
    })
  } catch (error) {
    if (timeLimit.aborted) throw new QueryFailure('time_limit', name, 'no answer', error)
    if (signal.aborted) throw new QueryFailure('cancelled', name, 'the client has gone', error)
    throw QueryFailure.of(name, error)
  }
}
