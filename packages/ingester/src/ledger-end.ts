import type { Clickhouse } from '@pulsehouse/platform'

/** The last chunk of a stream that the ledger has; 0 if it has none. */
export async function ledgerEnd(clickhouse: Clickhouse, streamCreatedSeconds: number): Promise<number> {
  const [row] = await clickhouse.query<{ last: number }>(
    'SELECT max(last_seq) AS last FROM batches WHERE stream_created = toDateTime({created:UInt32})',
    { created: streamCreatedSeconds },
  )
  return row?.last ?? 0
}
