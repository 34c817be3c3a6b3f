import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectClickhouse, insertSettings, readMigrations } from '@pulsehouse/platform'
import type { BenchResult } from '../bench.js'
import { prepareSchema } from '../../schema.js'
import { makeLogBlock, type LogBlock } from './log-blocks.js'
import type { LeanRequest } from './lean-client.js'
import { median } from '../../median.js'
import type { Sides } from './sides.js'

const migrations = join(import.meta.dirname, '../../../../clickhouse/migrations')
const rowsPerBlock = 50_000
const distinctBlocks = 4
/**
 * Writers at once, how many times each inserts, and the share of the direct rate that it must reach. All blocks come to
 * a gigabyte, which the streams then read. Four direct writers keep two cores busy: sending and receiving comes on top.
 */
const plans = [
  { writers: 1, times: 40, shareMin: 0.85 },
  { writers: 4, times: 8, shareMin: 0.6 },
]
const warmUps = 2
const retentionDays = 30

/** A block, and the file in memory in which the direct side finds the same bytes. */
type StoredBlock = LogBlock & { file: string }

/** The rate of inserting blocks into the product's own tables and views, each side into its own. */
export async function measureInserts(sides: Sides, report: (line: string) => void): Promise<BenchResult[]> {
  report(`making ${distinctBlocks} blocks of ${rowsPerBlock} events…`)
  const folder = mkdtempSync('/dev/shm/pulsehouse-bench-')
  try {
    const blocks: StoredBlock[] = []
    for (let seed = 1; seed <= distinctBlocks; seed += 1) {
      const block = { ...(await makeLogBlock(rowsPerBlock, seed)), file: join(folder, `${seed}.native`) }
      writeFileSync(block.file, block.bytes)
      blocks.push(block)
    }
    await prepareBoth(sides)
    const results: BenchResult[] = []
    for (const plan of plans) {
      const { writers, times } = plan
      report(`inserting ${writers * times} blocks on each side, ${writers} at once, taking turns…`)
      results.push(await insertAll(sides, blocks, plan))
    }
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function prepareBoth({ url, direct }: Sides): Promise<void> {
  const clickhouse = connectClickhouse({ url, application: 'bench', database: 'default' })
  await prepareSchema(clickhouse, retentionDays)
  // No merge may fall into one side's time and not into the other's.
  await clickhouse.command('SYSTEM STOP MERGES')
  await clickhouse.close()
  const statements = readMigrations(migrations).flatMap((migration) => migration.statements)
  for (const sql of ['CREATE DATABASE pulsehouse', ...statements, 'SYSTEM STOP MERGES'])
    await direct.run({ sqls: [sql], way: 'whole', times: 1 })
}

async function insertAll(
  { client, direct }: Sides,
  blocks: readonly StoredBlock[],
  { writers, times, shareMin }: (typeof plans)[number],
): Promise<BenchResult> {
  const ms = { http: [] as number[], direct: [] as number[] }
  for (let i = 0; i < warmUps + times; i += 1) {
    const inserts = Array.from({ length: writers }, (_, writer) => {
      const block = blocks[(i + writer) % blocks.length]
      if (block === undefined) throw new Error('There is no block to insert.')
      return { block, token: `bench-${writers}-${writer}-${i}` }
    })
    const directly = await direct.run({ sqls: inserts.map(directInsert), way: 'whole', times: 1 })
    const overHttp = await client.run(inserts.map(httpInsert))
    if (i < warmUps) continue
    ms.direct.push(...directly.ms)
    ms.http.push(...overHttp.ms)
  }
  return toResult(writers, shareMin, median(ms.http), median(ms.direct), blocks[0]?.bytes.length ?? 0)
}

interface Insert {
  block: StoredBlock
  token: string
}

function httpInsert({ block, token }: Insert): LeanRequest {
  const sql = `INSERT INTO pulsehouse.logs (${block.columnNames.join(', ')}) FORMAT Native`
  return { sql, parameters: { ...insertSettings, insert_deduplication_token: token }, data: block.bytes }
}

function directInsert({ block, token }: Insert): string {
  const all = Object.entries({ ...insertSettings, insert_deduplication_token: `'${token}'` })
  return `INSERT INTO pulsehouse.logs (${block.columnNames.join(', ')}) FROM INFILE '${block.file}'
    SETTINGS ${all.map(([name, value]) => `${name} = ${value}`).join(', ')} FORMAT Native`
}

function toResult(
  writers: number,
  shareMin: number,
  httpMs: number,
  directMs: number,
  bytes: number,
): BenchResult {
  const rate = (ms: number): number => Math.round((writers * rowsPerBlock * 1000) / ms)
  const share = directMs / httpMs
  return {
    name: `embedded: insert Native, ${writers === 1 ? 'one writer' : `${writers} writers`}`,
    value: rate(httpMs),
    unit: 'rows/s',
    baseline: rate(directMs),
    ratio: Number(share.toFixed(2)),
    bar: Math.round(rate(directMs) * shareMin),
    pass: share >= shareMin,
    note: `medians; blocks of ${rowsPerBlock} rows and ${(bytes / 1e6).toFixed(1)} MB into pulsehouse.logs with its view: ${httpMs.toFixed(0)} ms over HTTP, ${directMs.toFixed(0)} ms FROM INFILE`,
  }
}
