import type { QueryParameters } from '@pulsehouse/platform'
import type { Context } from 'hono'
import { runOf, type ApiEnv, type ApiParts } from '../api.js'
import { exportIfAsked } from '../export/export-if-asked.js'
import type { NamedQuery } from '../query/named-query.js'

/** Rows that may leave as a file. */
export interface SeriesFile<Parameters extends QueryParameters> {
  /** First word of the file's name. */
  what: string
  query: NamedQuery<Parameters, { time_seconds: number }>
  /** Values of the query's placeholders, of which the bounds of the range are two. */
  given: Parameters & { from_seconds: number; to_seconds: number }
  /** How long the time of a row is; undefined where rows have no time. */
  stepSeconds: number | undefined
}

/**
 * Answers with a series as a file where the request asks for one by `Accept`; undefined where it asks for JSON. The
 * columns are those of the JSON. A step in which nothing happened has no row: ClickHouse, which writes the file, has
 * none for it.
 */
export async function exportSeriesIfAsked<Parameters extends QueryParameters>(
  parts: ApiParts,
  context: Context<ApiEnv>,
  { what, query, given, stepSeconds }: SeriesFile<Parameters>,
) {
  const shown = stepSeconds === undefined ? '' : timeColumns(stepSeconds, parts.nowMs())
  const file = {
    ...query,
    sql: (values: Parameters) => `SELECT ${shown}* EXCEPT time_seconds\nFROM (${query.sql(values)})`,
  }
  const range = { fromMicros: given.from_seconds * 1e6, toMicros: given.to_seconds * 1e6 }
  return await exportIfAsked(context, file, given, { what, range, run: runOf(parts, context) })
}

/** Numbers of ours only: nothing that a user has typed. */
function timeColumns(stepSeconds: number, nowMs: number): string {
  const endSeconds = `least(time_seconds + ${Math.floor(stepSeconds)}, {to_seconds:UInt32})`
  return `formatDateTime(toDateTime(time_seconds, 'UTC'), '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS time,
  CAST(${endSeconds} > ${Math.floor(nowMs / 1000)} AS Bool) AS running, `
}
