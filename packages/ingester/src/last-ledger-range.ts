import type { Clickhouse, SequenceRange } from '@pulsehouse/platform'

/** The last range of a stream that the ledger has; undefined if it has none. */
export async function lastLedgerRange(
  clickhouse: Clickhouse,
  streamCreatedSeconds: number,
): Promise<SequenceRange | undefined> {
  const [row] = await clickhouse.query<SequenceRange>(
    `SELECT first_seq AS first, last_seq AS last FROM batches
     WHERE stream_created = toDateTime({created:UInt32}) ORDER BY last_seq DESC LIMIT 1`,
    { created: streamCreatedSeconds },
  )
  return row
}
