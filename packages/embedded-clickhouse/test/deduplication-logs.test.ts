import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { StartedClickhouse } from '../src/index.js'
import { send, startServer, temporaryFolder, until } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse | undefined
afterAll(async () => {
  await server?.close()
  folder.remove()
})

/** Starts the server if it is not running. */
async function running(): Promise<StartedClickhouse> {
  return (server ??= await startServer(folder.path))
}

async function kill(): Promise<void> {
  const { pid } = await running()
  process.kill(pid, 'SIGKILL')
  await until(() => !isAlive(pid))
  server = undefined
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function ask(sql: string, parameters: Record<string, string> = {}): Promise<string> {
  const { status, text } = await send(await running(), sql, parameters)
  expect(status, text).toBe(200)
  return text.trim()
}

/** Fresh tables `raw` and, behind a view, `rollup`; each remembers tokens. */
async function makeTables(): Promise<void> {
  const window = 'SETTINGS non_replicated_deduplication_window = 100'
  for (const table of ['to_rollup', 'rollup', 'raw']) await ask(`DROP TABLE IF EXISTS ${table} SYNC`)
  await ask(`CREATE TABLE raw (k UInt32, day UInt8) ENGINE = MergeTree PARTITION BY day ORDER BY k ${window}`)
  await ask(`CREATE TABLE rollup (k UInt32, n UInt64) ENGINE = SummingMergeTree ORDER BY k ${window}`)
  await ask(
    'CREATE MATERIALIZED VIEW to_rollup TO rollup AS SELECT k % 3 AS k, count() AS n FROM raw GROUP BY k',
  )
}

/** Inserts the hundred rows of a batch under its token. */
async function insert(batch: number): Promise<void> {
  await ask(`INSERT INTO raw SELECT number + ${batch * 100}, ${batch % 2} FROM numbers(100)`, {
    insert_deduplicate: '1',
    insert_deduplication_token: `batch-${batch}`,
    deduplicate_blocks_in_dependent_materialized_views: '1',
  })
}

/** Rows, different rows, and rows that the view counted. */
async function counts(): Promise<string> {
  return await ask('SELECT (SELECT (count(), uniqExact(k)) FROM raw), (SELECT sum(n) FROM rollup)')
}

async function pathOf(table: string): Promise<string> {
  return await ask(`SELECT data_paths[1] FROM system.tables WHERE database = 'default' AND name = '${table}'`)
}

const logOf = (path: string): string => join(path, 'deduplication_logs/deduplication_log_1.txt')

const partsIn = (path: string): string[] => readdirSync(path).filter((name) => /^[^_]+(_\d+){3}$/.test(name))

/** Takes away the folder of the part that the newest line names, as if the kill had come before its renaming. */
function losePart(path: string): void {
  const part = readFileSync(logOf(path), 'utf8').trim().split('\n').at(-1)?.split('\t')[1]
  rmSync(join(path, String(part)), { recursive: true })
}

/** Does what the engine does some minutes after parts have been merged or dropped. */
function removeParts(path: string, removed: (part: string) => boolean): void {
  for (const part of partsIn(path).filter(removed)) rmSync(join(path, part), { recursive: true })
}

test.each([[['raw']], [['rollup']], [['raw', 'rollup']]])(
  'a retry brings what a kill took from %s, and is ignored by who has it',
  async (tables) => {
    await makeTables()
    for (const batch of [1, 2, 3]) await insert(batch)
    const paths = await Promise.all(tables.map(pathOf))
    await kill()
    for (const path of paths) losePart(path)
    for (const batch of [3, 2, 1, 3]) await insert(batch)
    expect(await counts()).toBe('(300,300)\t300')
  },
)

test('the tokens of merged parts are kept', async () => {
  await makeTables()
  for (const batch of [1, 2, 3, 4, 5]) await insert(batch)
  for (const table of ['raw', 'rollup']) await ask(`OPTIMIZE TABLE ${table} FINAL`)
  const [raw, rollup] = [await pathOf('raw'), await pathOf('rollup')]
  await kill()
  for (const path of [raw, rollup]) removeParts(path, (part) => /^[^_]+_(\d+)_\1_/.test(part))
  expect([...partsIn(raw), ...partsIn(rollup)]).toEqual(['0_2_4_1', '1_1_5_1', 'all_1_5_2'])
  for (const batch of [1, 2, 3, 4, 5]) await insert(batch)
  expect(await counts()).toBe('(500,500)\t500')
})

test('a line that a kill broke off does not take the next ones with it', async () => {
  await makeTables()
  await insert(1)
  const path = await pathOf('raw')
  await kill()
  appendFileSync(logOf(path), '1\t0_2_')
  await insert(2)
  await kill()
  for (const batch of [1, 2]) await insert(batch)
  expect(await counts()).toBe('(200,200)\t200')
})

test('the line of a part that was dropped on purpose stays, and so does a log that cannot be read', async () => {
  await makeTables()
  for (const batch of [1, 3]) await insert(batch)
  await ask('ALTER TABLE raw DROP PARTITION 1')
  const [raw, rollup] = [await pathOf('raw'), await pathOf('rollup')]
  await kill()
  removeParts(raw, () => true)
  losePart(rollup)
  appendFileSync(logOf(rollup), 'what is this\n')
  const logs = [raw, rollup].map((path) => readFileSync(logOf(path), 'utf8'))
  await running()
  expect([raw, rollup].map((path) => readFileSync(logOf(path), 'utf8'))).toEqual(logs)
})
