import { join } from 'node:path'
import { applyRetention, migrate, readMigrations, type Clickhouse } from '@pulsehouse/platform'

const migrationsFolder = join(import.meta.dirname, '../../clickhouse/migrations')

/**
 * Brings a ClickHouse server to this version's schema and retention.
 *
 * @returns the names of the migrations that were applied.
 */
export async function prepareSchema(clickhouse: Clickhouse, retentionDays: number): Promise<string[]> {
  const applied = await migrate(clickhouse, readMigrations(migrationsFolder))
  await applyRetention(clickhouse, retentionDays)
  return applied
}
