-- What the detector expected of each watched series and what came, minute by minute: the band behind the line of a chart.
-- Only the whole and single services have rows; endpoints are judged too, and show up as findings.
--
-- All rows of a judged minute are one INSERT, the last of that minute: the newest minute is how far the detector has come.
-- Sort key: a chart asks for one metric of one service over a time.
--
-- SELECT minute, observed, expected_low, expected_high FROM pulsehouse.expectations FINAL
-- WHERE metric = 'events' AND service = '' AND minute >= now() - INTERVAL 1 DAY ORDER BY minute
CREATE TABLE IF NOT EXISTS pulsehouse.expectations
(
    metric        LowCardinality(String) COMMENT 'events, errors, error_ratio, response_time_p50, response_time_p95, logins_failed, …',
    service       LowCardinality(String) COMMENT 'Empty: all services together',
    minute        DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    observed      Nullable(Float32) COMMENT 'NULL: nothing came from which it could be known',
    expected      Nullable(Float32) COMMENT 'NULL while it is being learned',
    expected_low  Nullable(Float32),
    expected_high Nullable(Float32),
    score         Float32 COMMENT 'About the number of zeros of its probability',
    judged_at     DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(judged_at)
PARTITION BY toStartOfMonth(minute)
ORDER BY (metric, service, minute)
TTL minute + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000;
