import type { Column } from '@pulsehouse/platform'
import type { Batch } from './batch.js'

/** Columns of the ledger's table `batches`: one row a batch. */
export const ledgerColumns: Column<Batch>[] = [
  { name: 'received_day', type: 'Date', value: (batch) => batch.receivedDay },
  { name: 'stream_created', type: 'DateTime', value: (batch) => batch.streamCreatedSeconds },
  { name: 'first_seq', type: 'UInt64', value: (batch) => batch.range.first },
  { name: 'last_seq', type: 'UInt64', value: (batch) => batch.range.last },
  { name: 'chunks', type: 'UInt32', value: (batch) => batch.chunks },
  { name: 'accepted', type: 'UInt32', value: (batch) => batch.accepted },
  { name: 'stored', type: 'UInt32', value: (batch) => batch.logs.rows },
  { name: 'rejected', type: 'UInt32', value: (batch) => batch.rejected.rows },
  { name: 'received_at', type: 'DateTime64(6)', value: (batch) => batch.receivedAtMicros },
]
