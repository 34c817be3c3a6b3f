import type { QueryParameters } from '@pulsehouse/platform'
import type { Context } from 'hono'
import { fileNameOf } from './file-name.js'
import { negotiate } from './negotiate.js'
import { respondWithExport, type ExportQuery } from './respond-with-export.js'
import type { TimeRange } from '../parameters/time.js'
import type { QueryRun } from '../query/named-query.js'

/**
 * Answers with a list as a file where the request asks for one by `Accept`; undefined where it asks for JSON.
 *
 * @param what the first word of the file's name.
 * @throws {Problem} not-acceptable where no format fits.
 */
export async function exportIfAsked<Parameters extends QueryParameters>(
  context: Context,
  query: ExportQuery<Parameters>,
  given: Parameters,
  { what, range, run }: { what: string; range: TimeRange; run: QueryRun },
): Promise<Awaited<ReturnType<typeof respondWithExport>> | undefined> {
  const format = negotiate(context)
  if (format === undefined) return undefined
  return await respondWithExport(context, query, given, { format, fileName: fileNameOf(what, range), run })
}
