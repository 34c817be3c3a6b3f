import type { Clickhouse } from '@pulsehouse/platform'
import { prepareSchema } from '../../schema.js'

const retentionDays = 30

/**
 * Makes the product's own tables with their rollup, and a second view behind `logs` that counts by batch.
 *
 * @throws when the folder holds events already: they could not be told from ours.
 */
export async function prepareTables(clickhouse: Clickhouse): Promise<void> {
  await clickhouse.command('CREATE DATABASE IF NOT EXISTS pulsehouse')
  await prepareSchema(clickhouse, retentionDays)
  const [found] = await clickhouse.query<{ rows: number }>('SELECT count() AS rows FROM pulsehouse.logs')
  if (found?.rows !== 0)
    throw new Error('The data folder holds events already: name an empty one with --data, or leave it away.')
  await clickhouse.command(`
    CREATE TABLE IF NOT EXISTS pulsehouse.rows_by_batch
    (received_day Date, batch UInt64, rows UInt64, total UInt64)
    ENGINE = SummingMergeTree PARTITION BY received_day ORDER BY batch
    SETTINGS non_replicated_deduplication_window = 1000`)
  await clickhouse.command(`
    CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.rows_by_batch_view TO pulsehouse.rows_by_batch AS
    SELECT received_day, stream_seq AS batch, count() AS rows, sum(cart_size) AS total
    FROM pulsehouse.logs GROUP BY received_day, batch`)
}
