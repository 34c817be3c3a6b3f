import { databaseName, type Clickhouse } from '@pulsehouse/platform'

/** The tables do not keep what exactly-once rests on: nothing may be inserted. */
export class UnsafeTables extends Error {}

/** Tables that are no target of an insert of ours. */
const exempt = new Set(['migrations'])

/**
 * Proves at start-up what exactly-once rests on: that every table and every view's target remembers tokens, and all
 * of them equally many. A view's target without the window would double with every retry.
 *
 * @throws {UnsafeTables} with the tables that don't.
 */
export async function assertDeduplication(clickhouse: Clickhouse): Promise<void> {
  const tables = await clickhouse.query<{ name: string; window: string }>(
    `SELECT name, extract(create_table_query, 'deduplication_window = (\\\\d+)') AS window FROM system.tables
     WHERE database = {database:String} AND engine LIKE '%MergeTree'`,
    { database: databaseName },
  )
  const ours = tables.filter(({ name }) => !exempt.has(name))
  if (ours.length === 0)
    throw new UnsafeTables(`There are no tables in ${clickhouse.url}: run npm run migrate.`)
  const windows = new Set(ours.map(({ window }) => window))
  if (windows.size === 1 && Number([...windows][0]) > 0) return
  const list = ours.map(({ name, window }) => `${name}: ${window || 'none'}`).join(', ')
  throw new UnsafeTables(
    `Every table needs the same non_replicated_deduplication_window, but there are ${list}.`,
  )
}
