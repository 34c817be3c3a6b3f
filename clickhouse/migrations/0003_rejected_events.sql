-- What came in and is no event: nothing is dropped. The payload is cleaned by pattern, because no field of it is known
-- (credentials taken out, addresses and users replaced by pseudonyms), and cut to 16 Ki characters.
--
-- Sort key: by arrival, which is how people look at it.
--
-- SELECT reason, count(), any(detail) FROM pulsehouse.rejected_events
-- WHERE received_at >= now() - INTERVAL 1 DAY GROUP BY reason
CREATE TABLE IF NOT EXISTS pulsehouse.rejected_events
(
    received_day   Date COMMENT 'Day on which the queue took the line, UTC',
    received_at    DateTime64(6, 'UTC'),
    reason         LowCardinality(String) COMMENT 'One of a closed list, see packages/events/src/formats/decoded.ts',
    detail         String COMMENT 'What is wrong, for whoever mends the producer' CODEC (ZSTD(1)),
    content_type   LowCardinality(String),
    payload        String COMMENT 'The line, cleaned and cut' CODEC (ZSTD(3)),
    payload_chars  UInt32 COMMENT 'Length of the whole line in UTF-16 units',
    stream_created DateTime('UTC'),
    stream_seq     UInt64,
    event_index    UInt32
)
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (received_at, stream_seq, event_index)
TTL received_day + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
