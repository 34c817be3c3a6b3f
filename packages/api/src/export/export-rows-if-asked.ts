import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiEnv } from '../api.js'
import { exportIfAsked } from './export-if-asked.js'

const parameters = z.strictObject({ rows: z.string() })

/**
 * The same as `exportIfAsked` for a short list that is completed here, after the query. ClickHouse writes these files too: it
 * is given the rows as one value, so they are some hundred at the most.
 *
 * @param columns of each row, in their order, with ClickHouse's types.
 * @throws {Problem} not-acceptable where no format fits.
 */
export async function exportRowsIfAsked<Row extends object>(
  context: Context<ApiEnv>,
  rows: readonly Row[],
  columns: Readonly<Record<keyof Row & string, string>>,
  names: Parameters<typeof exportIfAsked>[3],
) {
  const types = Object.entries<string>(columns).map(([name, type]) => `${name} ${type}`)
  const shown = Object.keys(columns).map((name) => `r.${name} AS ${name}`)
  const file = {
    name: `${names.what}_file`,
    parameters,
    sql: () => `SELECT ${shown.join(', ')}
FROM (SELECT arrayJoin(JSONExtract({rows:String}, 'Array(Tuple(${types.join(', ')}))')) AS r)`,
  }
  return await exportIfAsked(context, file, { rows: JSON.stringify(rows) }, names)
}
