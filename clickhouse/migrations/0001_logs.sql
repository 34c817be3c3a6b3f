-- Every event, protected: no token, people and addresses only as pseudonyms (docs/data-catalog.md).
--
-- Partition: the day on which the queue took the event's chunk, not the event's own day. So one batch of the ingester
-- lies in one partition, which makes its INSERT atomic under one token, and retention drops whole partitions by
-- insertion time, so that imported history stays (docs/decisions/0002-partition-by-arrival.md).
-- Sort key: the hour first, so that a question about a time range reads that range only, whatever its partition; then
-- what people filter by, so that equal values lie together and compress.
-- Absent is the empty string, 0 for port and status, NULL for measures: a mean must not count what was not measured.
-- Identity of a row: (stream_created, stream_seq, event_index), its position in the queue.
-- Deduplication: the window remembers the tokens of the last inserts; every view's target has the same window.
--
-- SELECT timestamp, level, service, url, status_code FROM pulsehouse.logs
-- WHERE timestamp >= now() - INTERVAL 15 MINUTE AND level = 'ERROR' ORDER BY timestamp DESC LIMIT 100
CREATE TABLE IF NOT EXISTS pulsehouse.logs
(
    received_day           Date COMMENT 'Day on which the queue took the event, UTC',
    timestamp              DateTime64(6, 'UTC') CODEC (Delta(8), ZSTD(1)),
    level                  LowCardinality(String),
    service                LowCardinality(String),
    host                   LowCardinality(String),
    message                String CODEC (ZSTD(1)),
    request_id             String CODEC (ZSTD(1)),
    session_id             String CODEC (ZSTD(1)),
    user_id                String COMMENT 'Pseudonym' CODEC (ZSTD(1)),
    action                 LowCardinality(String),
    http_method            LowCardinality(String),
    url                    String CODEC (ZSTD(1)),
    endpoint               LowCardinality(String) COMMENT 'Path of the url with numbers and ids folded',
    referrer_url           String CODEC (ZSTD(1)),
    referrer_domain        LowCardinality(String),
    ip_address             String COMMENT 'Pseudonym' CODEC (ZSTD(1)),
    ip_network             LowCardinality(String) COMMENT '/24 of IPv4, /48 of IPv6',
    user_agent             LowCardinality(String),
    browser                LowCardinality(String),
    os                     LowCardinality(String),
    device                 LowCardinality(String) COMMENT 'desktop, mobile, tablet, tv, bot',
    response_time          Nullable(Float32) COMMENT 'ms' CODEC (ZSTD(1)),
    db_query_time          Nullable(Float32) COMMENT 'ms' CODEC (ZSTD(1)),
    server_processing_time Nullable(Float32) COMMENT 'ms' CODEC (ZSTD(1)),
    network_latency        Nullable(Float32) COMMENT 'ms' CODEC (ZSTD(1)),
    product_id             String CODEC (ZSTD(1)),
    cart_size              Nullable(UInt32) CODEC (ZSTD(1)),
    checkout_status        LowCardinality(String),
    auth_method            LowCardinality(String),
    auth_level             LowCardinality(String),
    correlation_id         String CODEC (ZSTD(1)),
    server_ip              LowCardinality(String),
    port                   UInt16,
    protocol               LowCardinality(String),
    status_code            UInt16,
    status_text            LowCardinality(String),
    detail                 String CODEC (ZSTD(1)),
    attributes             Map(LowCardinality(String), String) CODEC (ZSTD(1)),
    received_at            DateTime64(6, 'UTC') COMMENT 'When the queue took the event' CODEC (Delta(8), ZSTD(1)),
    stream_created         DateTime('UTC') COMMENT 'When the stream was made: tells it from one made anew',
    stream_seq             UInt64 CODEC (Delta(8), ZSTD(1)),
    event_index            UInt32 CODEC (Delta(4), ZSTD(1)),
    INDEX by_stream_seq stream_seq TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY received_day
ORDER BY (toStartOfHour(timestamp), service, endpoint, timestamp, stream_seq, event_index)
TTL received_day + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
