import type { Clickhouse } from '@pulsehouse/platform'

/** The copies come from no stream that there is. */
const elsewhere = 'toDateTime(1577836800)'

/**
 * Stores an hour of traffic again for each of so many hours before it, with sessions of its own: a past to learn from, for a
 * fraction of what it takes to send it through the queue.
 */
export async function repeatHour(clickhouse: Clickhouse, fromMs: number, hours: number): Promise<void> {
  for (let back = 1; back <= hours; back += 1)
    await clickhouse.command(`INSERT INTO logs
      SELECT * REPLACE (
        o.timestamp - INTERVAL ${back} HOUR AS timestamp, ${elsewhere} AS stream_created, o.stream_seq + ${back * 1_000_000} AS stream_seq,
        if(o.session_id = '', '', concat(o.session_id, '-${back}')) AS session_id)
      FROM logs AS o
      WHERE o.timestamp >= toDateTime(${fromMs / 1000}) AND o.timestamp < toDateTime(${fromMs / 1000 + 3_600})`)
}
