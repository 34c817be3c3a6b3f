import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startClickhouse } from '@pulsehouse/embedded-clickhouse'
import { connectClickhouse, createLogger, inResponseTimeSteps, type Clickhouse } from '@pulsehouse/platform'
import type { Bench, BenchResult } from './bench.js'

/** What a minute of an endpoint may keep its response times in. */
const candidates = {
  steps: 'quantilesBFloat16(0.5, 0.95, 0.99)',
  BFloat16: 'quantilesBFloat16(0.5, 0.95, 0.99)',
  TDigest: 'quantilesTDigest(0.5, 0.95, 0.99)',
  DD: 'quantilesDD(0.01, 0.5, 0.95, 0.99)',
  GK: 'quantilesGK(1000, 0.5, 0.95, 0.99)',
} as const

/** The largest error against exact quantiles that a state may have. */
const barErrorShare = 0.02
const events = 2_000_000
const groups = 300

/**
 * Compares states of percentiles in the shape of the minute rollup: bytes a row on the disk, time to build, time to
 * merge, and the largest error of p50, p95 and p99. The value is the error of the state that the rollup uses, beside
 * the t-digest's.
 */
export const percentilesBench: Bench = {
  name: 'percentiles',
  summary: "error, size and cost of the rollup's percentile state beside others and exact quantiles",
  run: async (report) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'pulsehouse-bench-'))
    const log = createLogger('bench', 'silent')
    const server = await startClickhouse({ dataDir, port: 0, log })
    const clickhouse = connectClickhouse({ url: server.url, application: 'bench', database: 'default' })
    try {
      return [await measureAll(clickhouse, report)]
    } finally {
      await clickhouse.close()
      await server.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}

async function measureAll(clickhouse: Clickhouse, report: (line: string) => void): Promise<BenchResult> {
  // A day of a shop: a few endpoints with most of the traffic, log-normal times, one request in fifty slow.
  await clickhouse.command(
    'CREATE TABLE events (minute DateTime, g UInt16, ms Float32) ENGINE = MergeTree ORDER BY minute',
  )
  await clickhouse.command(`
    INSERT INTO events
    SELECT toStartOfMinute(toDateTime('2026-01-01') + intDiv(number * 86400, ${events})),
           toUInt16(pow(rand(1) % 1000 / 1000, 2) * ${groups}),
           exp(4 + (rand(2) % 1000 + rand(3) % 1000 + rand(4) % 1000) / 1000 - 1.5 + if(rand(5) % 50 = 0, 2.5, 0))
    FROM numbers(${events})`)
  const exact = await quantiles(clickhouse, 'quantilesExact(0.5, 0.95, 0.99)(ms)', 'events')
  const errors: Record<string, number> = {}
  for (const [name, state] of Object.entries(candidates)) {
    const { error, line } = await measure(clickhouse, name, state, exact)
    report(line)
    errors[name] = error
  }
  const [value, baseline] = [errors['steps'] ?? 1, errors['TDigest'] ?? 1]
  const percent = (share: number): number => Number((share * 100).toFixed(3))
  return {
    name: 'percentiles',
    value: percent(value),
    unit: '% largest error',
    baseline: percent(baseline),
    ratio: Number((value / baseline).toFixed(2)),
    bar: percent(barErrorShare),
    pass: value <= barErrorShare,
  }
}

async function measure(
  clickhouse: Clickhouse,
  name: string,
  state: string,
  exact: readonly number[],
): Promise<{ error: number; line: string }> {
  const [build, merge] = [state.replace('(', 'State('), state.replace('(', 'Merge(')]
  await clickhouse.command(
    `CREATE TABLE ${name} (minute DateTime, g UInt16, q AggregateFunction(${state}, Float32)) ENGINE = AggregatingMergeTree ORDER BY (g, minute)`,
  )
  const buildMs = await timeMs(() =>
    clickhouse.command(
      `INSERT INTO ${name} SELECT minute, g, ${build}(${name === 'steps' ? inResponseTimeSteps('ms') : 'ms'}) FROM events GROUP BY minute, g`,
    ),
  )
  await clickhouse.command(`OPTIMIZE TABLE ${name} FINAL`)
  const [size] = await clickhouse.query<{ bytes: number }>(
    `SELECT sum(column_data_compressed_bytes) / sum(rows) AS bytes FROM system.parts_columns
     WHERE table = {name:String} AND column = 'q' AND active`,
    { name },
  )
  let found: number[] = []
  const mergeMs = await timeMs(async () => {
    found = await quantiles(clickhouse, `${merge}(q)`, name)
  })
  const error = Math.max(...found.map((value, index) => Math.abs(value / (exact[index] ?? Number.NaN) - 1)))
  const line = `${name.padEnd(9)} ${size?.bytes.toFixed(1)} bytes a row, built in ${buildMs} ms, merged in ${mergeMs} ms, largest error ${(error * 100).toFixed(2)} %`
  return { error, line }
}

async function quantiles(clickhouse: Clickhouse, expression: string, table: string): Promise<number[]> {
  const [row] = await clickhouse.query<{ q: number[] }>(`SELECT ${expression} AS q FROM ${table}`)
  return row?.q ?? []
}

async function timeMs(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now()
  await work()
  return Math.round(performance.now() - startMs)
}
