-- The ledger: one row for every batch that the ingester has inserted, written under the batch's own token as the last
-- of its inserts. The accounting compares it with the rows that are really there: the ranges must follow each other
-- without gap or overlap, and accepted = stored + rejected in each.
--
-- Sort key: the position in the stream.
--
-- SELECT sum(accepted), sum(stored), sum(rejected) FROM pulsehouse.batches
CREATE TABLE IF NOT EXISTS pulsehouse.batches
(
    received_day   Date,
    stream_created DateTime('UTC'),
    first_seq      UInt64 COMMENT 'First chunk of the batch',
    last_seq       UInt64 COMMENT 'Its last chunk',
    chunks         UInt32,
    accepted       UInt32 COMMENT 'Lines in the chunks, counted before they were decoded',
    stored         UInt32 COMMENT 'Rows in logs',
    rejected       UInt32 COMMENT 'Rows in rejected_events',
    received_at    DateTime64(6, 'UTC') COMMENT 'When the queue took the last chunk',
    inserted_at    DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (stream_created, first_seq)
TTL received_day + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
