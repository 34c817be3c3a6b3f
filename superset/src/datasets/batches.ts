import { defineDataset, formats } from '../dataset.js'

const delay =
  'greatest(toUnixTimestamp64Micro(inserted_at) - toUnixTimestamp64Micro(received_at), 0) / 1000000'

/** The ingester's ledger: a row for every batch. */
export const batches = defineDataset({
  name: 'batches',
  description: 'The ledger of the ingester: a row for every batch that it inserted.',
  time: 'inserted_at',
  columns: {},
  metrics: {
    stored_per_s: {
      label: 'Events stored/s',
      sql: 'sum(stored) / greatest(least(60 * (intDiv(toUnixTimestamp(max(inserted_at)), 60) + 1), toUnixTimestamp(now())) - 60 * intDiv(toUnixTimestamp(min(inserted_at)), 60), 1)',
      format: formats.rate,
      description: 'Mean from the minute of the first batch to the end of the last one, or to now.',
    },
    rejected_count: {
      label: 'Rejected events',
      sql: 'sum(rejected)',
      format: formats.count,
      description: 'Lines that are no event; they are kept, with the reason.',
    },
    delay_mean_s: {
      label: 'Mean delay, s',
      sql: `if(count() = 0, NULL, avg(${delay}))`,
      format: '.2f',
      description: 'From the queue to the table, of the newest chunk of each batch.',
    },
    delay_longest_s: {
      label: 'Longest delay, s',
      sql: `if(count() = 0, NULL, max(${delay}))`,
      format: '.2f',
      description: 'The longest from the queue to the table.',
    },
    batch_count: {
      label: 'Batches',
      sql: 'count()',
      format: formats.short,
      description: 'Batches that were inserted.',
    },
    lines_per_batch: {
      label: 'Lines a batch',
      sql: 'sum(accepted) / nullIf(count(), 0)',
      format: formats.rate,
      description: 'Mean lines of a batch: many small ones cost more.',
    },
    newest_age_s: {
      label: 'Newest event, s ago',
      sql: "if(count() = 0, NULL, greatest(dateDiff('second', max(received_at), now()), 0))",
      format: formats.count,
      description: 'How long ago the queue took the newest chunk that is stored.',
    },
  },
})
