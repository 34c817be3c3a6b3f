import { Readable } from 'node:stream'
import { z } from '@hono/zod-openapi'
import type { QueryParameters } from '@pulsehouse/platform'
import type { Context, TypedResponse } from 'hono'
import type { ApiEnv } from '../api.js'
import { Problem } from '../http/problem.js'
import { runQuery, type NamedQuery, type QueryRun } from '../query/named-query.js'
import { QueryFailure } from '../query/query-failure.js'
import type { ExportFormat } from './formats.js'
import { exportLimits } from './limits.js'

/** How an export wants its rows. */
export interface ExportShape {
  nested: ExportFormat['nested']
  /** How many there are. */
  rows: number
}

/**
 * A query whose rows may leave as a file. Its SQL gives the columns as the JSON answer has them, names and values. A named
 * query that does so is one.
 */
export interface ExportQuery<Parameters extends QueryParameters> {
  name: string
  parameters: z.ZodType<Parameters>
  sql: (parameters: Parameters, shape: ExportShape) => string
}

/** A response that fits beside any JSON answer: its body has no type. */
type FileResponse = Response & TypedResponse<never, never, never>

/** ClickHouse has its own limit of time; if it says nothing, we hang up so much later, milliseconds. */
const graceMs = 5_000

/**
 * Answers with all rows of a query as a file. They are counted first, so that too many are a sentence and not a file that
 * breaks off; then ClickHouse writes them and the client's pace is theirs. What fails later breaks the connection.
 *
 * @param fileName without its ending.
 * @throws {Problem} too-many-rows
 * @throws {QueryFailure} whatever fails before the first byte.
 */
export async function respondWithExport<Parameters extends QueryParameters>(
  context: Context<ApiEnv>,
  query: ExportQuery<Parameters>,
  given: Parameters,
  { format, fileName, run }: { format: ExportFormat; fileName: string; run: QueryRun },
): Promise<FileResponse> {
  const { nested, contentType, extension } = format
  const rows = await countRows(query, given, run)
  if (rows > exportLimits.rows) throw tooManyRows(rows)
  const bytes = await openExport(query, given, { nested, rows }, format, run)
  breakOffWith(bytes, context)
  context.header('Content-Type', contentType)
  context.header('Content-Disposition', `attachment; filename="${fileName}.${extension}"`)
  return context.body(Readable.toWeb(bytes) as ReadableStream) as FileResponse
}

/**
 * A stream that fails takes the connection with it. The server would do so for most failures, but it takes one among the
 * first pieces for the end, and the client would take a part for the whole.
 */
function breakOffWith(bytes: Readable, { env }: Context<ApiEnv>): void {
  bytes.once('error', () => env?.outgoing?.destroy())
}

async function countRows<Parameters extends QueryParameters>(
  { name, parameters, sql }: ExportQuery<Parameters>,
  given: Parameters,
  run: QueryRun,
): Promise<number> {
  const count: NamedQuery<Parameters, { exported: number }> = {
    name: `${name}_count`,
    parameters,
    row: z.object({ exported: z.int() }),
    // With more rows than are ever sorted, the order is left out.
    sql: (values) => `SELECT count() AS exported\nFROM (${sql(values, { nested: 'as_is', rows: Infinity })})`,
  }
  const [row] = await runQuery(count, given, run)
  return row?.exported ?? 0
}

async function openExport<Parameters extends QueryParameters>(
  query: ExportQuery<Parameters>,
  given: Parameters,
  shape: ExportShape,
  { format }: ExportFormat,
  { clickhouse, signal }: QueryRun,
): Promise<Readable> {
  const parameters = query.parameters.parse(given)
  const timeLimit = AbortSignal.timeout(exportLimits.timeSeconds * 1000 + graceMs)
  const { timeSeconds, memoryBytes, rows: resultRows } = exportLimits
  try {
    return await clickhouse.stream(
      { sql: query.sql(parameters, shape), parameters, format },
      { timeSeconds, memoryBytes, resultRows },
      signal === undefined ? timeLimit : AbortSignal.any([signal, timeLimit]),
    )
  } catch (error) {
    if (timeLimit.aborted) throw new QueryFailure('time_limit', query.name, 'no answer', error)
    if (signal?.aborted === true)
      throw new QueryFailure('cancelled', query.name, 'the client has gone', error)
    throw QueryFailure.of(query.name, error)
  }
}

function tooManyRows(rows: number): Problem {
  return new Problem(
    'too-many-rows',
    `The export would have ${rows} rows, and one has ${exportLimits.rows} at the most: export the time range in parts, by from and to, or take more filters.`,
  )
}
