import type { Clickhouse } from '@pulsehouse/platform'
import { setTimeout as delay } from 'node:timers/promises'
import type { Sent } from './writers.js'

const pauseMs = 20
const queries = [
  'SELECT sum(events) AS rows FROM pulsehouse.stats_by_minute',
  'SELECT sum(rows) AS rows FROM pulsehouse.rows_by_batch',
  'SELECT sum(n) AS rows FROM (SELECT service, endpoint, count() AS n FROM pulsehouse.logs GROUP BY ALL)',
]

/**
 * Reads while others write: whatever was acknowledged before a question was asked has to be in its answer.
 *
 * @returns a sentence for each answer that was wrong. Questions that are not answered do not count, the server dies here.
 */
export async function readUntil(
  stop: AbortSignal,
  clickhouse: Clickhouse,
  sent: () => Sent,
): Promise<{ answers: number; faults: string[] }> {
  const faults: string[] = []
  let answers = 0
  for (let turn = 0; !stop.aborted; turn += 1) {
    const sql = queries[turn % queries.length] ?? ''
    const before = sent().acknowledgedRows
    const rows = await ask(clickhouse, sql, stop)
    if (rows !== undefined) answers += 1
    if (rows !== undefined && rows < before)
      faults.push(`"${sql}" answered ${rows} when ${before} rows were acknowledged.`)
    if (!stop.aborted) await delay(pauseMs)
  }
  return { answers, faults }
}

async function ask(clickhouse: Clickhouse, sql: string, stop: AbortSignal): Promise<number | undefined> {
  try {
    return (await clickhouse.query<{ rows: number }>(sql, {}, { signal: stop }))[0]?.rows
  } catch {
    return undefined
  }
}
