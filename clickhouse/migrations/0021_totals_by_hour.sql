-- The hours of everything together: a summary of a day or a month merges no states of services. People visit several services,
-- so that their users are kept once for each there: a day's summary takes 15 ms from here, 45 from the services.
--
-- SELECT hour, sum(events), uniqMerge(users) FROM pulsehouse.totals_by_hour
-- WHERE hour >= now() - INTERVAL 7 DAY GROUP BY hour ORDER BY hour
CREATE TABLE IF NOT EXISTS pulsehouse.totals_by_hour
(
    received_day                 Date,
    hour                         DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
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
PARTITION BY toStartOfMonth(received_day)
ORDER BY (hour, received_day)
TTL received_day + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.totals_by_hour_view TO pulsehouse.totals_by_hour AS
SELECT
    s.received_day AS received_day,
    s.hour AS hour,
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
FROM pulsehouse.services_by_hour AS s
GROUP BY received_day, hour;
