-- Each endpoint's minutes: the curve of one endpoint, which is what people look at when it is slow. stats_by_minute has them by
-- method, status and action, the minute first: a day of one endpoint's percentiles reads all of that day there (53 ms, here 16).
--
-- Sort key: the endpoint first, because one of many is asked for. Made from each batch's rows of stats_by_minute.
--
-- SELECT minute, sum(events), quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(response_time_quantiles)[3] AS p95_ms
-- FROM pulsehouse.endpoints_by_minute WHERE endpoint = '/api/cart' AND minute >= now() - INTERVAL 1 DAY GROUP BY minute ORDER BY minute
CREATE TABLE IF NOT EXISTS pulsehouse.endpoints_by_minute
(
    received_day                 Date,
    minute                       DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    service                      LowCardinality(String),
    endpoint                     LowCardinality(String),
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
ORDER BY (endpoint, minute, service)
TTL received_day + INTERVAL 3650 DAY
SETTINGS index_granularity = 256, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.endpoints_by_minute_view TO pulsehouse.endpoints_by_minute AS
SELECT
    s.received_day AS received_day,
    s.minute AS minute,
    s.service AS service,
    s.endpoint AS endpoint,
    sum(s.events) AS events,
    sum(s.errors) AS errors,
    sum(s.response_time_count) AS response_time_count,
    sum(s.response_time_sum) AS response_time_sum,
    max(s.response_time_max) AS response_time_max,
    quantilesBFloat16MergeState(0.5, 0.9, 0.95, 0.99)(s.response_time_quantiles) AS response_time_quantiles,
    sum(s.db_query_time_count) AS db_query_time_count,
    sum(s.db_query_time_sum) AS db_query_time_sum,
    sum(s.server_processing_time_count) AS server_processing_time_count,
    sum(s.server_processing_time_sum) AS server_processing_time_sum,
    sum(s.network_latency_count) AS network_latency_count,
    sum(s.network_latency_sum) AS network_latency_sum,
    uniqMergeState(s.users) AS users,
    uniqMergeState(s.sessions) AS sessions
FROM pulsehouse.stats_by_minute AS s
GROUP BY received_day, minute, service, endpoint;
