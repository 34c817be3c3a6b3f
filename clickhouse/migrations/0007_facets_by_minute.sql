-- Counts, errors and latency by one facet at a time: server, device, browser, system, referrer or protocol, each with the
-- service. What stats_by_minute has no column for is read from a few rows a minute.
--
-- One facet a row and not all in one key: server, device, browser, system and referrer together are as many
-- combinations as there are events. GROUPING SETS aggregate each facet from the block as it is; an ARRAY JOIN of the same
-- facets made the whole insert 0.76 as fast, this one 0.93 (docs/decisions/0011-rollups.md).
-- No users and sessions: their states, once for every facet, made this table half as large as the logs.
-- Sort key: the facet first, so that a question reads its own facet only; then the value, because one server of fourteen is
-- asked for more often than all of them; then the minute.
-- Rows of the same key are merged in the background and by every query: always read with sum(), max() and -Merge.
--
-- SELECT value AS device, sum(events), sum(errors) FROM pulsehouse.facets_by_minute
-- WHERE facet = 'device' AND minute >= now() - INTERVAL 1 HOUR GROUP BY device
CREATE TABLE IF NOT EXISTS pulsehouse.facets_by_minute
(
    received_day                 Date,
    facet                        LowCardinality(String) COMMENT 'Which column the value is of',
    minute                       DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
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
PARTITION BY received_day
ORDER BY (facet, value, minute, service)
TTL received_day + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.facets_by_minute_view TO pulsehouse.facets_by_minute AS
SELECT
    received_day,
    multiIf(
        grouping(server_ip) = 0, 'server',
        grouping(device) = 0, 'device',
        grouping(browser) = 0, 'browser',
        grouping(os) = 0, 'os',
        grouping(referrer_domain) = 0, 'referrer',
        'protocol'
    ) AS facet,
    minute,
    service,
    multiIf(
        grouping(server_ip) = 0, toString(server_ip),
        grouping(device) = 0, toString(device),
        grouping(browser) = 0, toString(browser),
        grouping(os) = 0, toString(os),
        grouping(referrer_domain) = 0, toString(referrer_domain),
        toString(protocol)
    ) AS value,
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
    sum(ifNull(toFloat64(network_latency), 0)) AS network_latency_sum
FROM (SELECT *, toStartOfMinute(timestamp) AS minute FROM pulsehouse.logs)
GROUP BY GROUPING SETS
(
    (received_day, minute, service, server_ip),
    (received_day, minute, service, device),
    (received_day, minute, service, browser),
    (received_day, minute, service, os),
    (received_day, minute, service, referrer_domain),
    (received_day, minute, service, protocol)
);
