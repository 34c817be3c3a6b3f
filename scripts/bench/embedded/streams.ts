import type { BenchResult } from '../bench.js'
import { median } from '../../median.js'
import { readInBulk } from './bulk-reader.js'
import type { Sides } from './sides.js'

const shareMin = 0.7
const rounds = 5

const sql = 'SELECT * FROM pulsehouse.logs'

/** The rate of reading a gigabyte of the product's own rows. */
export async function measureStreams(sides: Sides, report: (line: string) => void): Promise<BenchResult[]> {
  report(`${sql}, ${rounds} times on each side, taking turns…`)
  return [await measureStream(sides, 'stream Native')]
}

async function measureStream({ url, direct }: Sides, name: string): Promise<BenchResult> {
  const ms = { http: [] as number[], direct: [] as number[] }
  let bytes = 0
  for (let round = -1; round < rounds; round += 1) {
    const directly = await direct.run({ sqls: [sql], way: 'streamed', times: 1 })
    const startMs = performance.now()
    const httpBytes = await readInBulk(url, sql, 'Native')
    const httpMs = performance.now() - startMs
    checkSizes(directly.bytes, httpBytes)
    bytes = directly.bytes
    // The first round warms both sides up.
    if (round === -1) continue
    ms.direct.push(...directly.ms)
    ms.http.push(httpMs)
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
