import { NativeBlock, type BlockInserter } from '@pulsehouse/platform'
import type { Batch } from './batch.js'
import { ledgerColumns } from './ledger-columns.js'

/**
 * Sends everything of a batch under its token. The ledger comes last: what it lists is there.
 *
 * @throws when it is not certain that all of it is stored.
 */
export async function insertBatch(
  inserter: BlockInserter,
  batch: Batch,
  streamCreated: string,
): Promise<void> {
  const token = `${streamCreated}:${batch.range.first}-${batch.range.last}`
  if (batch.logs.rows > 0) await inserter.insert('logs', batch.logs, token)
  if (batch.rejected.rows > 0) await inserter.insert('rejected_events', batch.rejected, token)
  const ledger = new NativeBlock(ledgerColumns)
  ledger.add(batch)
  await inserter.insert('batches', ledger, token)
}
