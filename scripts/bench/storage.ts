import type { Clickhouse } from '@pulsehouse/platform'
import type { Bench, BenchResult } from './bench.js'
import { storeHistory } from './query/history.js'
import { startQueryBenchStack } from './query/stack.js'

const eventsPerS = 3_000
const seconds = 700
const barBytes = 40
/** Of all that is stored, percent. */
const rollupsBarPercent = 10
/** Tables of the pipeline itself, which do not grow with the events. */
const otherTables = ['migrations', 'batches', 'rejected_events', 'planted_incidents', 'plain']
const columnsShown = 12

/** What one table or column takes on the disk, bytes an event. */
interface Size {
  name: string
  bytes: number
}

/** What events take on the disk, with everything that is made from them. */
export const storageBench: Bench = {
  name: 'storage',
  summary: 'bytes an event on the disk with indexes and rollups, beside the same columns by time in LZ4',
  run: async (report) => {
    const stack = await startQueryBenchStack()
    try {
      report(`storing ${eventsPerS * seconds} events of ${seconds} s…`)
      await storeTraffic(stack.clickhouse, report)
      return await measure(stack.clickhouse, report)
    } finally {
      await stack.close()
    }
  },
}

async function storeTraffic(clickhouse: Clickhouse, report: (line: string) => void): Promise<void> {
  const start = new Date(Date.now() - 2 * seconds * 1_000).toISOString()
  const traffic = ['--steady', '--seed', '5', '--sim-rate', String(eventsPerS)]
  await storeHistory(clickhouse, {
    args: [...traffic, '--start', start, '--duration', String(seconds)],
    report,
  })
}

async function measure(clickhouse: Clickhouse, report: (line: string) => void): Promise<BenchResult[]> {
  report('copying the events as they would lie without a choice of codecs…')
  await clickhouse.command('CREATE TABLE plain ENGINE = MergeTree ORDER BY timestamp AS SELECT * FROM logs')
  const rows = await rowsOf(clickhouse)
  report('merging each table into one part, as a day stands when it is over…')
  for (const table of await tablesOf(clickhouse)) await clickhouse.command(`OPTIMIZE TABLE ${table} FINAL`)
  const sizes = await tableSizes(clickhouse, rows)
  const columns = await columnSizes(clickhouse, rows)
  for (const { name, bytes } of [...sizes, ...columns]) report(`${bytes.toFixed(2)} bytes an event: ${name}`)
  return toResults(sizes, columns, rows)
}

async function rowsOf(clickhouse: Clickhouse): Promise<number> {
  const [row] = await clickhouse.query<{ rows: number }>('SELECT count() AS rows FROM logs')
  if (row === undefined || row.rows === 0) throw new Error('No event was stored.')
  return row.rows
}

async function tablesOf(clickhouse: Clickhouse): Promise<string[]> {
  const tables = await clickhouse.query<{ name: string }>(
    `SELECT DISTINCT table AS name FROM system.parts WHERE active AND database = currentDatabase()`,
  )
  return tables.map(({ name }) => name)
}

/** Parts as they lie on the disk: columns, indexes and marks. */
async function tableSizes(clickhouse: Clickhouse, rows: number): Promise<Size[]> {
  return await clickhouse.query<Size>(
    `SELECT table AS name, sum(bytes_on_disk) / {rows:Float64} AS bytes FROM system.parts
     WHERE active AND database = currentDatabase() AND (table NOT IN {others:Array(String)} OR table = 'plain')
     GROUP BY table ORDER BY bytes DESC`,
    { rows, others: otherTables },
  )
}

async function columnSizes(clickhouse: Clickhouse, rows: number): Promise<Size[]> {
  return await clickhouse.query<Size>(
    `SELECT name, bytes FROM (
       SELECT concat('logs.', name) AS name, data_compressed_bytes / {rows:Float64} AS bytes FROM system.columns
       WHERE database = currentDatabase() AND table = 'logs'
       UNION ALL
       SELECT concat('index ', name), data_compressed_bytes / {rows:Float64} FROM system.data_skipping_indices
       WHERE database = currentDatabase() AND table = 'logs'
     ) ORDER BY bytes DESC LIMIT {shown:UInt32}`,
    { rows, shown: columnsShown },
  )
}

function toResults(sizes: readonly Size[], columns: readonly Size[], rows: number): BenchResult[] {
  const bytesOf = (table: string): number => sizes.find(({ name }) => name === table)?.bytes ?? Number.NaN
  const plain = bytesOf('plain')
  const logs = bytesOf('logs')
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0) - plain
  const percent = ((all - logs) / all) * 100
  const largest = columns.map(({ name, bytes }) => `${name} ${bytes.toFixed(1)}`).join(', ')
  return [
    {
      name: 'storage: bytes an event, all tables',
      value: Number(all.toFixed(1)),
      unit: 'bytes',
      baseline: Number(plain.toFixed(1)),
      ratio: Number((plain / all).toFixed(2)),
      bar: barBytes,
      pass: all <= barBytes,
      note: `${rows} events of ${seconds} s, merged; logs with indexes ${logs.toFixed(1)}: ${largest}; the baseline has the same columns ordered by time in LZ4, no index and no rollup`,
    },
    {
      name: 'storage: share of the rollups',
      value: Number(percent.toFixed(1)),
      unit: '%',
      baseline: rollupsBarPercent,
      ratio: Number((rollupsBarPercent / percent).toFixed(2)),
      bar: rollupsBarPercent,
      pass: percent <= rollupsBarPercent,
      note: sizes
        .filter(({ name }) => name !== 'plain' && name !== 'logs')
        .map(({ name, bytes }) => `${name} ${bytes.toFixed(2)}`)
        .join(', '),
    },
  ]
}
