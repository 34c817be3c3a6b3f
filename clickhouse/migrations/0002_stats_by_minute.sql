-- Counts, errors, latency, users and sessions of every minute, by service, endpoint, method, status and action.
--
-- Sort key: the minute first, because every question names a time range. Rows of the same key from different batches
-- are merged in the background and by every query: always read with sum(), max() and -Merge, never row by row.
-- Percentiles: quantilesBFloat16 keeps 15 bytes a row where a t-digest takes 20 and DDSketch is five times slower to
-- build; each value is cut by 0.8 % at the most (docs/decisions/0003-percentile-state.md).
-- Latencies that were not measured count nowhere: each sum has its own count.
--
-- SELECT minute, sum(events), sum(response_time_sum) / sum(response_time_count) AS mean_ms,
--        quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(response_time_quantiles)[3] AS p95_ms, uniqMerge(users)
-- FROM pulsehouse.stats_by_minute WHERE minute >= now() - INTERVAL 1 HOUR GROUP BY minute ORDER BY minute
CREATE TABLE IF NOT EXISTS pulsehouse.stats_by_minute
(
    received_day                 Date,
    minute                       DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    service                      LowCardinality(String),
    endpoint                     LowCardinality(String),
    http_method                  LowCardinality(String),
    status_code                  UInt16,
    action                       LowCardinality(String),
    events                       SimpleAggregateFunction(sum, UInt64),
    errors                       SimpleAggregateFunction(sum, UInt64) COMMENT 'Events of level ERROR',
    response_time_count          SimpleAggregateFunction(sum, UInt64),
    response_time_sum            SimpleAggregateFunction(sum, Float64) COMMENT 'ms',
    response_time_max            SimpleAggregateFunction(max, Float32) COMMENT 'ms',
    response_time_quantiles      AggregateFunction(quantilesBFloat16(0.5, 0.9, 0.95, 0.99), Nullable(Float32)) COMMENT 'ms',
    db_query_time_count          SimpleAggregateFunction(sum, UInt64),
    db_query_time_sum            SimpleAggregateFunction(sum, Float64) COMMENT 'ms',
    server_processing_time_count SimpleAggregateFunction(sum, UInt64),
    server_processing_time_sum   SimpleAggregateFunction(sum, Float64) COMMENT 'ms',
    network_latency_count        SimpleAggregateFunction(sum, UInt64),
    network_latency_sum          SimpleAggregateFunction(sum, Float64) COMMENT 'ms',
    users                        AggregateFunction(uniq, Nullable(String)),
    sessions                     AggregateFunction(uniq, Nullable(String))
)
ENGINE = AggregatingMergeTree
PARTITION BY received_day
ORDER BY (minute, service, endpoint, http_method, status_code, action)
TTL received_day + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.stats_by_minute_view TO pulsehouse.stats_by_minute AS
SELECT
    received_day,
    toStartOfMinute(timestamp) AS minute,
    service,
    endpoint,
    http_method,
    status_code,
    action,
    count() AS events,
    countIf(level = 'ERROR') AS errors,
    count(response_time) AS response_time_count,
    sum(ifNull(toFloat64(response_time), 0)) AS response_time_sum,
    max(ifNull(response_time, 0)) AS response_time_max,
    quantilesBFloat16State(0.5, 0.9, 0.95, 0.99)(response_time) AS response_time_quantiles,
    count(db_query_time) AS db_query_time_count,
    sum(ifNull(toFloat64(db_query_time), 0)) AS db_query_time_sum,
    count(server_processing_time) AS server_processing_time_count,
    sum(ifNull(toFloat64(server_processing_time), 0)) AS server_processing_time_sum,
    count(network_latency) AS network_latency_count,
    sum(ifNull(toFloat64(network_latency), 0)) AS network_latency_sum,
    uniqState(nullIf(user_id, '')) AS users,
    uniqState(nullIf(session_id, '')) AS sessions
FROM pulsehouse.logs
GROUP BY received_day, minute, service, endpoint, http_method, status_code, action;
