import type { z } from '@hono/zod-openapi'
import { orderedRowsMax } from '../export/limits.js'
import type { ExportQuery } from '../export/respond-with-export.js'
import { andGiven } from '../query/conditions.js'
import { inRange } from './log-conditions.js'
import { logSelection, newestFirst } from './log-selection.js'
import { searchConditions, searchParameters } from './search-logs.js'

const parameters = searchParameters.omit({ limit: true })

/** All logs of a range that pass all filters and lie behind the cursor. */
export const logExport: ExportQuery<z.infer<typeof parameters>> = {
  name: 'log_export',
  parameters,
  sql: (given, { nested, rows }) => `SELECT
  ${logSelection(given.sight, nested)}
FROM logs AS t
WHERE ${inRange}${andGiven(searchConditions(given.sight), given)}${rows > orderedRowsMax ? '' : `\nORDER BY ${newestFirst}`}`,
}
