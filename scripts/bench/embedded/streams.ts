import type { BenchResult } from '../bench.js'
import { median } from '../../median.js'
import type { Sides } from './sides.js'

const shareMin = 0.7
const rounds = 5

/** What is read out; both come to about a gigabyte. */
const results = [
  { name: 'stream Native, table', sql: 'SELECT * FROM pulsehouse.logs' },
  { name: 'stream Native, numbers', sql: 'SELECT number FROM numbers(134217728)' },
]

/** The rate of reading large results: the product's own rows, and numbers, which cost the engine nothing. */
export async function measureStreams(sides: Sides, report: (line: string) => void): Promise<BenchResult[]> {
  const measured: BenchResult[] = []
  for (const { name, sql } of results) {
    report(`${sql}, ${rounds} times on each side, taking turns…`)
    measured.push(await measureStream(sides, name, sql))
  }
  return measured
}

async function measureStream({ client, direct }: Sides, name: string, sql: string): Promise<BenchResult> {
  const ms = { http: [] as number[], direct: [] as number[] }
  let bytes = 0
  for (let round = -1; round < rounds; round += 1) {
    const directly = await direct.run({ sqls: [sql], way: 'streamed', times: 1 })
    const overHttp = await client.run([{ sql, parameters: { default_format: 'Native' } }])
    checkSizes(directly.bytes, overHttp.bytes)
    bytes = directly.bytes
    // The first round warms both sides up.
    if (round === -1) continue
    ms.direct.push(...directly.ms)
    ms.http.push(...overHttp.ms)
  }
  return toResult(name, bytes, median(ms.http), median(ms.direct))
}

/** The same rows cut into other blocks differ by their headers only. */
function checkSizes(direct: number, http: number): void {
  if (Math.abs(direct / http - 1) > 0.05)
    throw new Error(`The two sides read different results: ${direct} bytes directly, ${http} over HTTP.`)
}

function toResult(name: string, bytes: number, httpMs: number, directMs: number): BenchResult {
  const rate = (ms: number): number => Math.round(bytes / ms / 1_000)
  const share = directMs / httpMs
  return {
    name: `embedded: ${name}`,
    value: rate(httpMs),
    unit: 'MB/s',
    baseline: rate(directMs),
    ratio: Number(share.toFixed(2)),
    bar: Math.round(rate(directMs) * shareMin),
    pass: share >= shareMin,
    note: `medians of ${rounds} results of ${(bytes / 1e9).toFixed(2)} GB, read and thrown away by a client on the same machine`,
  }
}
