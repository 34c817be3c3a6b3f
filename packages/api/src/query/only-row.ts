import { QueryFailure } from './query-failure.js'

/** The row of a query that always has exactly one. @throws {QueryFailure} when it has another number of rows. */
export function theOnlyRow<Row>(query: { name: string }, rows: readonly Row[]): Row {
  const [row] = rows
  if (row !== undefined && rows.length === 1) return row
  throw new QueryFailure('failed', query.name, `${rows.length} rows where there must be one`)
}
