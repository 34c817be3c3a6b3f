import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { databaseName, type Clickhouse } from './client.js'

/** One numbered file of `clickhouse/migrations`. */
export interface Migration {
  version: number
  name: string
  /** SHA-256 of the file: an applied migration must never change. */
  checksum: string
  statements: string[]
}

/** How long one statement of a migration may take, milliseconds: it may fill a rollup from all that is stored. */
export const migrationTimeoutMs = 3_600_000

const fileName = /^(\d{4})_([a-z0-9_]+)\.sql$/

/**
 * Reads the migrations of a folder in their order.
 *
 * @throws when a file is misnamed or a number is missing or taken twice.
 */
export function readMigrations(folder: string): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  return files.toSorted().map((file, index) => {
    const [, version, name] = fileName.exec(file) ?? []
    if (name === undefined || Number(version) !== index + 1) {
      throw new Error(`${join(folder, file)}: migrations are numbered without gaps, like 0001_logs.sql`)
    }
    const text = readFileSync(join(folder, file), 'utf8')
    const checksum = createHash('sha256').update(text).digest('hex')
    return { version: index + 1, name, checksum, statements: splitStatements(text) }
  })
}

/** A statement ends with a semicolon at the end of a line; comments before it travel with it. */
function splitStatements(text: string): string[] {
  return text
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/^\s*--.*$/gm, '').trim() !== '')
}

/**
 * Brings a ClickHouse server to the newest migration. Statements are written so that a migration that was cut off
 * half-way runs again from its start.
 *
 * @returns the names of what was applied, oldest first.
 * @throws when an applied migration's file has changed, or the database is newer than the files.
 */
export async function migrate(clickhouse: Clickhouse, migrations: readonly Migration[]): Promise<string[]> {
  await clickhouse.command(`CREATE DATABASE IF NOT EXISTS ${databaseName}`)
  await clickhouse.command(
    `CREATE TABLE IF NOT EXISTS ${databaseName}.migrations
     (version UInt32, name String, checksum String, applied_at DateTime DEFAULT now())
     ENGINE = MergeTree ORDER BY version`,
  )
  const applied = await clickhouse.query<{ version: number; checksum: string }>(
    `SELECT version, checksum FROM ${databaseName}.migrations ORDER BY version`,
  )
  checkHistory(applied, migrations)
  const done: string[] = []
  for (const migration of migrations.slice(applied.length)) {
    for (const statement of migration.statements) await apply(clickhouse, migration, statement)
    await clickhouse.command(
      `INSERT INTO ${databaseName}.migrations (version, name, checksum)
       VALUES (${migration.version}, '${migration.name}', '${migration.checksum}')`,
    )
    done.push(migration.name)
  }
  return done
}

async function apply(clickhouse: Clickhouse, migration: Migration, statement: string): Promise<void> {
  try {
    for (const filling of fillingOf(statement)) await clickhouse.command(filling)
    await clickhouse.command(statement)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Migration ${migration.version} (${migration.name}) failed: ${why}`, { cause })
  }
}

/**
 * What fills a view's target with what is there already, before the view is made: it would only see what comes later.
 * Emptied first, because the migration may have been cut off here. Nothing else may be inserting meanwhile. A view that is
 * only replaced is made without IF NOT EXISTS: its target stays as it is.
 */
function fillingOf(statement: string): string[] {
  const [, target, select] =
    /CREATE MATERIALIZED VIEW IF NOT EXISTS \S+ TO (\S+) AS\s(.*)/s.exec(statement) ?? []
  if (target === undefined || select === undefined) return []
  return [`TRUNCATE TABLE ${target}`, `INSERT INTO ${target} ${select}`]
}

function checkHistory(
  applied: readonly { version: number; checksum: string }[],
  migrations: readonly Migration[],
): void {
  if (applied.length > migrations.length) {
    throw new Error(
      `The database is at migration ${applied.length}, these files end at ${migrations.length}: update the code.`,
    )
  }
  for (const [index, { checksum }] of applied.entries()) {
    const migration = migrations[index]
    if (migration?.checksum !== checksum) {
      throw new Error(
        `Migration ${migration?.name} has changed since it was applied: restore it and write a new one.`,
      )
    }
  }
}

/** How the tables say when their rows end whose rows are kept for days; the hours are kept for months. */
const retainedForDays = /TTL received_day \+ toIntervalDay\((\d+)\) /

/**
 * Sets how many days after their insertion rows are kept. By insertion, not by the events' own time: imported
 * history would be deleted on arrival.
 */
export async function applyRetention(clickhouse: Clickhouse, days: number): Promise<void> {
  const tables = await clickhouse.query<{ name: string; create_table_query: string }>(
    'SELECT name, create_table_query FROM system.tables WHERE database = {database:String}',
    { database: databaseName },
  )
  for (const { name, create_table_query: ddl } of tables) {
    const kept = retainedForDays.exec(ddl)?.[1]
    if (kept === undefined || Number(kept) === days) continue
    await clickhouse.command(
      `ALTER TABLE ${databaseName}.${name} MODIFY TTL received_day + INTERVAL ${days} DAY SETTINGS materialize_ttl_after_modify = 0`,
    )
  }
}
