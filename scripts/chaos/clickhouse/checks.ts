import { inResponseTimeSteps, type Clickhouse } from '@pulsehouse/platform'
import { minuteTextOf, rightRowSql, rowsOfSql } from './chaos-batch.js'
import type { Sent } from './writers.js'

const faultsShown = 20

/** Batches of which the tables do not hold what was sent. */
const faultyBatchesSql = `
WITH stored AS (
  SELECT stream_seq AS batch, count() AS rows, sum(event_index) AS indexes, sum(cart_size) AS total,
         countIf(NOT coalesce(${rightRowSql}, false)) AS wrong
  FROM pulsehouse.logs WHERE batch BETWEEN {first:UInt64} AND {last:UInt64} GROUP BY batch
), rolled AS (
  SELECT batch, sum(rows) AS rows, sum(total) AS total
  FROM pulsehouse.rows_by_batch WHERE batch BETWEEN {first:UInt64} AND {last:UInt64} GROUP BY batch
), sent AS (
  SELECT number + {first:UInt64} AS batch, toUInt64(${rowsOfSql}) AS rows
  FROM numbers({last:UInt64} + 1 - {first:UInt64})
)
SELECT sent.batch AS batch, sent.rows AS sent, stored.rows AS stored, stored.wrong AS wrong, rolled.rows AS rolled
FROM sent LEFT JOIN stored ON stored.batch = sent.batch LEFT JOIN rolled ON rolled.batch = sent.batch
WHERE NOT (
  stored.wrong = 0
  AND (stored.rows = sent.rows AND stored.indexes = intDiv(sent.rows * (sent.rows - 1), 2)
       OR stored.rows = 0 AND has({unacknowledged:Array(UInt64)}, sent.batch))
  AND (rolled.rows = sent.rows AND rolled.total = stored.total
       OR rolled.rows = 0 AND has({unacknowledged:Array(UInt64)}, sent.batch)))
ORDER BY batch LIMIT ${faultsShown}`

/** Minutes of which the product's rollup says something else than the rows behind it. */
const faultyMinutesSql = `
WITH from_rows AS (
  SELECT toStartOfMinute(timestamp) AS minute, service, endpoint, status_code, count() AS events,
         countIf(level = 'ERROR') AS errors, sum(toFloat64(response_time)) AS ms, max(response_time) AS ms_max,
         quantilesBFloat16(0.5, 0.9, 0.95, 0.99)(${inResponseTimeSteps('response_time')}) AS quantiles, uniq(user_id) AS users
  FROM pulsehouse.logs WHERE timestamp >= {minute:DateTime('UTC')} GROUP BY ALL
), from_rollup AS (
  SELECT minute, service, endpoint, status_code, sum(events) AS events, sum(errors) AS errors,
         sum(response_time_sum) AS ms, max(response_time_max) AS ms_max,
         quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(response_time_quantiles) AS quantiles, uniqMerge(users) AS users
  FROM pulsehouse.stats_by_minute WHERE minute >= {minute:DateTime('UTC')} GROUP BY ALL
)
SELECT toString(minute) AS minute, service, endpoint, a.events AS stored, b.events AS rolled
FROM from_rows AS a FULL JOIN from_rollup AS b USING (minute, service, endpoint, status_code)
WHERE (a.events, a.errors, a.ms, ifNull(a.ms_max, 0), a.users) != (b.events, b.errors, b.ms, b.ms_max, b.users)
   OR a.quantiles != b.quantiles
ORDER BY minute LIMIT ${faultsShown}`

/** Rows of batches that nobody has sent yet. */
const strangersSql =
  'SELECT count() AS rows FROM pulsehouse.logs WHERE stream_seq NOT BETWEEN 1 AND {last:UInt64}'

interface FaultyBatch {
  batch: number
  sent: number
  stored: number
  wrong: number
  rolled: number
}

/**
 * Compares batches with what was sent: every acknowledged one is there once, in the table and behind the view; one
 * whose outcome is unknown is there whole or not at all.
 *
 * @returns a sentence for each fault; at most some.
 */
export async function checkBatches(
  clickhouse: Clickhouse,
  seed: number,
  firstBatch: number,
  { lastBatch, unacknowledged }: Sent,
): Promise<string[]> {
  if (lastBatch === 0) return []
  const parameters = { seed, first: firstBatch, last: lastBatch, unacknowledged: [...unacknowledged] }
  const faults = await clickhouse.query<FaultyBatch>(faultyBatchesSql, parameters)
  const [strangers] = await clickhouse.query<{ rows: number }>(strangersSql, { last: lastBatch })
  const sentences = faults.map((fault) => describe(fault, seed))
  if (strangers?.rows !== 0) sentences.push(`logs holds ${strangers?.rows} rows that nobody has sent.`)
  return sentences
}

/** Compares the product's rollup with the rows behind it; everything must be acknowledged. @returns a sentence for each fault. */
export async function checkRollup(clickhouse: Clickhouse, firstBatch: number): Promise<string[]> {
  const faults = await clickhouse.query<
    Record<'minute' | 'service' | 'endpoint' | 'stored' | 'rolled', string>
  >(faultyMinutesSql, { minute: minuteTextOf(firstBatch) })
  return faults.map(
    ({ minute, service, endpoint, stored, rolled }) =>
      `stats_by_minute disagrees with logs at ${minute}, ${service}, ${endpoint}: it counts ${rolled} events of ${stored}.`,
  )
}

function describe({ batch, sent, stored, wrong, rolled }: FaultyBatch, seed: number): string {
  const rows = `rows 0 to ${sent - 1} of batch ${batch} (token ${seed}:${batch})`
  if (stored === 0) return `Missing: ${rows} are not in logs, and rows_by_batch counts ${rolled} of them.`
  if (stored < sent) return `Missing: ${sent - stored} of ${rows} are not in logs.`
  if (stored > sent) return `Double: ${rows} are in logs ${stored / sent} times.`
  if (wrong > 0) return `Wrong: ${wrong} of ${rows} have other values than they were sent with.`
  return `${rolled < sent ? 'Missing' : 'Double'}: rows_by_batch counts ${rolled} of ${rows}, logs has them once.`
}
