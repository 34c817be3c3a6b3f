-- The hours of facets_by_minute, kept for a year; made from its rows as stats_by_hour is from those of stats_by_minute.
--
-- SELECT value AS server, sum(events) FROM pulsehouse.facets_by_hour
-- WHERE facet = 'server' AND hour >= now() - INTERVAL 7 DAY GROUP BY server
CREATE TABLE IF NOT EXISTS pulsehouse.facets_by_hour
(
    received_day                 Date,
    hour                         DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    facet                        LowCardinality(String) COMMENT 'Which column the value is of',
    service                      LowCardinality(String),
    value                        LowCardinality(String),
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
    network_latency_sum          SimpleAggregateFunction(sum, Float64) COMMENT 'ms'
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(received_day)
ORDER BY (facet, value, hour, service, received_day)
TTL received_day + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.facets_by_hour_view TO pulsehouse.facets_by_hour AS
SELECT
    s.received_day AS received_day,
    toStartOfHour(s.minute) AS hour,
    s.facet AS facet,
    s.service AS service,
    s.value AS value,
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
    sum(s.network_latency_sum) AS network_latency_sum
FROM pulsehouse.facets_by_minute AS s
GROUP BY received_day, hour, facet, service, value;
