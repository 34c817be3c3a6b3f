import type { Context } from 'hono'
import { runOf, type ApiEnv, type ApiParts } from '../api.js'
import { fileNameOf } from '../export/file-name.js'
import type { ExportFormat } from '../export/formats.js'
import { exportLimits } from '../export/limits.js'
import { respondWithExport } from '../export/respond-with-export.js'
import type { Prepared } from './answer-question.js'

/** Rows of a file: one more than it may have, so that too many are seen. */
export const exportedRowsMax = exportLimits.rows + 1

/**
 * Answers with the statistics as a file, written by ClickHouse. What a step without events would say is left out, for
 * ClickHouse has no row for it.
 *
 * @param time whether rows have a time.
 */
export async function exportStatistics(
  parts: ApiParts,
  context: Context<ApiEnv>,
  { query, values, question }: Prepared,
  format: ExportFormat,
  time: 'with time' | 'without time',
) {
  const stepSeconds = question.stepSeconds ?? 0
  const endSeconds = `least(time_seconds + ${stepSeconds}, {to_seconds:UInt32})`
  const shown =
    time === 'without time'
      ? ''
      : `formatDateTime(toDateTime(time_seconds, 'UTC'), '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS time, CAST(${endSeconds} > {now_seconds:UInt32} AS Bool) AS running, `
  const file = {
    ...query,
    sql: (given: typeof values) => `SELECT ${shown}* EXCEPT time_seconds\nFROM (${query.sql(given)})`,
  }
  const range = { fromMicros: question.fromSeconds * 1e6, toMicros: question.toSeconds * 1e6 }
  return await respondWithExport(context, file, values, {
    format,
    fileName: fileNameOf(time === 'with time' ? 'series' : 'top', range),
    run: runOf(parts, context),
  })
}
