import type { BenchResult } from '../bench.js'
import type { DirectJob } from './direct-engine-process.js'
import { median } from '../../median.js'
import type { Sides } from './sides.js'

const rounds = 20
const timesARound = 50
const extraMsMax = 1
const sql = 'SELECT 1'

/** How much longer `SELECT 1` takes over HTTP, one at a time on a kept connection. */
export async function measureLatency(
  { client, direct }: Sides,
  report: (line: string) => void,
): Promise<BenchResult> {
  const run = async (way: DirectJob['way']): Promise<number[]> =>
    (await direct.run({ sqls: [sql], way, times: timesARound })).ms
  const ms: Record<'http' | DirectJob['way'], number[]> = { http: [], whole: [], streamed: [], blocking: [] }
  report(`${sql}, ${rounds * timesARound} times each way, taking turns…`)
  for (let round = -1; round < rounds; round += 1) {
    const times = {
      whole: await run('whole'),
      http: (await client.run([{ sql }], timesARound)).ms,
      streamed: await run('streamed'),
      blocking: await run('blocking'),
    }
    // The first round warms everything up.
    if (round === -1) continue
    for (const way of ['http', 'whole', 'streamed', 'blocking'] as const) ms[way].push(...times[way])
  }
  return toResult(median(ms.http), median(ms.whole), median(ms.streamed), median(ms.blocking))
}

function toResult(http: number, whole: number, streamed: number, blocking: number): BenchResult {
  const rounded = (value: number): number => Number(value.toFixed(3))
  return {
    name: 'embedded: SELECT 1',
    value: rounded(http),
    unit: 'ms',
    baseline: rounded(whole),
    ratio: Number((http / whole).toFixed(2)),
    bar: rounded(whole + extraMsMax),
    pass: http <= whole + extraMsMax,
    note: `medians; ${rounded(http - whole)} ms more than a direct call with a promise, ${rounded(http - streamed)} more than streamed, ${rounded(http - blocking)} more than with the thread blocked`,
  }
}
