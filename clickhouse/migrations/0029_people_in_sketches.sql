-- Users and sessions in sketches of uniqCombined(12) instead of uniq: exact to some hundred in a group, 1.6 % off above (standard error),
-- at the most 3 KB each. Those of uniq hold 4 bytes for everybody up to 65,536, and were two thirds of all that the rollups take: at
-- 3,000 events/s 18 of 25 bytes an event. A day of users by minutes is read in two thirds of the time
-- (docs/decisions/0016-sketches-of-people.md).
--
-- And the hours in granules of 64 rows, as the minutes are in small ones: a row holds up to 10 KB of states, and who asked for a day read
-- a week. The servers of a day took 20 ms, now 11.
--
-- One sketch can't be made of the other, so the people of rows that are older than the events are forgotten; every other number
-- stays. Of the events that are stored they are filled in by rows that count nothing else, which are merged into those that are
-- there; the views that read stats_by_minute carry them on. endpoints_by_minute, which has no people, is left out meanwhile.
-- Not by their tokens: filled in a second time, after a cut, they are the same.
DROP VIEW IF EXISTS pulsehouse.stats_by_minute_view;
DROP VIEW IF EXISTS pulsehouse.carts_by_minute_view;
DROP VIEW IF EXISTS pulsehouse.products_by_hour_view;
DROP VIEW IF EXISTS pulsehouse.services_by_minute_view;
DROP VIEW IF EXISTS pulsehouse.stats_by_hour_view;
DROP VIEW IF EXISTS pulsehouse.totals_by_minute_view;
DROP VIEW IF EXISTS pulsehouse.services_by_hour_view;
DROP VIEW IF EXISTS pulsehouse.totals_by_hour_view;
DROP VIEW IF EXISTS pulsehouse.endpoints_by_minute_view;
DROP VIEW IF EXISTS pulsehouse.facets_by_hour_view;

ALTER TABLE pulsehouse.stats_by_minute DROP COLUMN IF EXISTS users, DROP COLUMN IF EXISTS sessions;
ALTER TABLE pulsehouse.services_by_minute DROP COLUMN IF EXISTS users, DROP COLUMN IF EXISTS sessions;
ALTER TABLE pulsehouse.totals_by_minute DROP COLUMN IF EXISTS users, DROP COLUMN IF EXISTS sessions;
ALTER TABLE pulsehouse.carts_by_minute DROP COLUMN IF EXISTS users, DROP COLUMN IF EXISTS sessions;
ALTER TABLE pulsehouse.products_by_hour DROP COLUMN IF EXISTS users, DROP COLUMN IF EXISTS sessions;

ALTER TABLE pulsehouse.stats_by_minute
    ADD COLUMN users AggregateFunction(uniqCombined(12), Nullable(String)),
    ADD COLUMN sessions AggregateFunction(uniqCombined(12), Nullable(String));
ALTER TABLE pulsehouse.services_by_minute
    ADD COLUMN users AggregateFunction(uniqCombined(12), Nullable(String)),
    ADD COLUMN sessions AggregateFunction(uniqCombined(12), Nullable(String));
ALTER TABLE pulsehouse.totals_by_minute
    ADD COLUMN users AggregateFunction(uniqCombined(12), Nullable(String)),
    ADD COLUMN sessions AggregateFunction(uniqCombined(12), Nullable(String));
ALTER TABLE pulsehouse.carts_by_minute
    ADD COLUMN users AggregateFunction(uniqCombined(12), Nullable(String)),
    ADD COLUMN sessions AggregateFunction(uniqCombined(12), Nullable(String));
ALTER TABLE pulsehouse.products_by_hour
    ADD COLUMN users AggregateFunction(uniqCombined(12), Nullable(String)),
    ADD COLUMN sessions AggregateFunction(uniqCombined(12), Nullable(String));

DROP TABLE IF EXISTS pulsehouse.stats_by_hour_next;
CREATE TABLE pulsehouse.stats_by_hour_next
(
    received_day                 Date,
    hour                         DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
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
    users                        AggregateFunction(uniqCombined(12), Nullable(String)),
    sessions                     AggregateFunction(uniqCombined(12), Nullable(String))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(received_day)
ORDER BY (hour, service, endpoint, http_method, status_code, action, received_day)
TTL received_day + INTERVAL 13 MONTH
SETTINGS index_granularity = 64, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
INSERT INTO pulsehouse.stats_by_hour_next (* EXCEPT (users, sessions)) SELECT * EXCEPT (users, sessions) FROM pulsehouse.stats_by_hour SETTINGS max_partitions_per_insert_block = 0;
EXCHANGE TABLES pulsehouse.stats_by_hour_next AND pulsehouse.stats_by_hour;
DROP TABLE pulsehouse.stats_by_hour_next SETTINGS max_table_size_to_drop = 0;

DROP TABLE IF EXISTS pulsehouse.services_by_hour_next;
CREATE TABLE pulsehouse.services_by_hour_next
(
    received_day                 Date,
    hour                         DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    service                      LowCardinality(String),
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
    users                        AggregateFunction(uniqCombined(12), Nullable(String)),
    sessions                     AggregateFunction(uniqCombined(12), Nullable(String))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(received_day)
ORDER BY (hour, service, received_day)
TTL received_day + INTERVAL 13 MONTH
SETTINGS index_granularity = 64, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
INSERT INTO pulsehouse.services_by_hour_next (* EXCEPT (users, sessions)) SELECT * EXCEPT (users, sessions) FROM pulsehouse.services_by_hour SETTINGS max_partitions_per_insert_block = 0;
EXCHANGE TABLES pulsehouse.services_by_hour_next AND pulsehouse.services_by_hour;
DROP TABLE pulsehouse.services_by_hour_next SETTINGS max_table_size_to_drop = 0;

DROP TABLE IF EXISTS pulsehouse.totals_by_hour_next;
CREATE TABLE pulsehouse.totals_by_hour_next
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
    users                        AggregateFunction(uniqCombined(12), Nullable(String)),
    sessions                     AggregateFunction(uniqCombined(12), Nullable(String))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(received_day)
ORDER BY (hour, received_day)
TTL received_day + INTERVAL 13 MONTH
SETTINGS index_granularity = 64, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
INSERT INTO pulsehouse.totals_by_hour_next (* EXCEPT (users, sessions)) SELECT * EXCEPT (users, sessions) FROM pulsehouse.totals_by_hour SETTINGS max_partitions_per_insert_block = 0;
EXCHANGE TABLES pulsehouse.totals_by_hour_next AND pulsehouse.totals_by_hour;
DROP TABLE pulsehouse.totals_by_hour_next SETTINGS max_table_size_to_drop = 0;

DROP TABLE IF EXISTS pulsehouse.facets_by_hour_next;
CREATE TABLE pulsehouse.facets_by_hour_next
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
SETTINGS index_granularity = 64, non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;
INSERT INTO pulsehouse.facets_by_hour_next SELECT * FROM pulsehouse.facets_by_hour SETTINGS max_partitions_per_insert_block = 0;
EXCHANGE TABLES pulsehouse.facets_by_hour_next AND pulsehouse.facets_by_hour;
DROP TABLE pulsehouse.facets_by_hour_next SETTINGS max_table_size_to_drop = 0;

CREATE MATERIALIZED VIEW pulsehouse.services_by_minute_view TO pulsehouse.services_by_minute AS
SELECT
    s.received_day AS received_day,
    s.minute AS minute,
    s.service AS service,
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
    uniqCombinedMergeState(12)(s.users) AS users,
    uniqCombinedMergeState(12)(s.sessions) AS sessions
FROM pulsehouse.stats_by_minute AS s
GROUP BY received_day, minute, service;

CREATE MATERIALIZED VIEW pulsehouse.stats_by_hour_view TO pulsehouse.stats_by_hour AS
SELECT
    s.received_day AS received_day,
    toStartOfHour(s.minute) AS hour,
    s.service AS service,
    s.endpoint AS endpoint,
    s.http_method AS http_method,
    s.status_code AS status_code,
    s.action AS action,
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
    uniqCombinedMergeState(12)(s.users) AS users,
    uniqCombinedMergeState(12)(s.sessions) AS sessions
FROM pulsehouse.stats_by_minute AS s
GROUP BY received_day, hour, service, endpoint, http_method, status_code, action;

CREATE MATERIALIZED VIEW pulsehouse.totals_by_minute_view TO pulsehouse.totals_by_minute AS
SELECT
    s.received_day AS received_day,
    s.minute AS minute,
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
    uniqCombinedMergeState(12)(s.users) AS users,
    uniqCombinedMergeState(12)(s.sessions) AS sessions
FROM pulsehouse.services_by_minute AS s
GROUP BY received_day, minute;

CREATE MATERIALIZED VIEW pulsehouse.services_by_hour_view TO pulsehouse.services_by_hour AS
SELECT
    s.received_day AS received_day,
    toStartOfHour(s.minute) AS hour,
    s.service AS service,
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
    uniqCombinedMergeState(12)(s.users) AS users,
    uniqCombinedMergeState(12)(s.sessions) AS sessions
FROM pulsehouse.services_by_minute AS s
GROUP BY received_day, hour, service;

CREATE MATERIALIZED VIEW pulsehouse.totals_by_hour_view TO pulsehouse.totals_by_hour AS
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
    uniqCombinedMergeState(12)(s.users) AS users,
    uniqCombinedMergeState(12)(s.sessions) AS sessions
FROM pulsehouse.services_by_hour AS s
GROUP BY received_day, hour;

INSERT INTO pulsehouse.stats_by_minute (received_day, minute, service, endpoint, http_method, status_code, action, users, sessions)
SELECT
    received_day, toStartOfMinute(timestamp) AS minute, service, endpoint, http_method, status_code, action,
    uniqCombinedState(12)(nullIf(user_id, '')),
    uniqCombinedState(12)(nullIf(session_id, ''))
FROM pulsehouse.logs
GROUP BY received_day, minute, service, endpoint, http_method, status_code, action
SETTINGS max_partitions_per_insert_block = 0, insert_deduplicate = 0;

INSERT INTO pulsehouse.carts_by_minute (received_day, minute, checkout_status, users, sessions)
SELECT
    received_day, toStartOfMinute(timestamp) AS minute, checkout_status,
    uniqCombinedState(12)(nullIf(user_id, '')),
    uniqCombinedState(12)(nullIf(session_id, ''))
FROM pulsehouse.logs
WHERE checkout_status != '' OR cart_size IS NOT NULL
GROUP BY received_day, minute, checkout_status
SETTINGS max_partitions_per_insert_block = 0, insert_deduplicate = 0;

INSERT INTO pulsehouse.products_by_hour (received_day, hour, product_id, users, sessions)
SELECT
    received_day, toStartOfHour(timestamp) AS hour, product_id,
    uniqCombinedState(12)(nullIf(user_id, '')),
    uniqCombinedState(12)(nullIf(session_id, ''))
FROM pulsehouse.logs
WHERE product_id != ''
GROUP BY received_day, hour, product_id
SETTINGS max_partitions_per_insert_block = 0, insert_deduplicate = 0;

CREATE MATERIALIZED VIEW pulsehouse.stats_by_minute_view TO pulsehouse.stats_by_minute AS
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
    quantilesBFloat16State(0.5, 0.9, 0.95, 0.99)(reinterpretAsFloat32(bitAnd(reinterpretAsUInt32(response_time) + 131072, 4294705152))) AS response_time_quantiles,
    count(db_query_time) AS db_query_time_count,
    sum(ifNull(toFloat64(db_query_time), 0)) AS db_query_time_sum,
    count(server_processing_time) AS server_processing_time_count,
    sum(ifNull(toFloat64(server_processing_time), 0)) AS server_processing_time_sum,
    count(network_latency) AS network_latency_count,
    sum(ifNull(toFloat64(network_latency), 0)) AS network_latency_sum,
    uniqCombinedState(12)(nullIf(user_id, '')) AS users,
    uniqCombinedState(12)(nullIf(session_id, '')) AS sessions
FROM pulsehouse.logs
GROUP BY received_day, minute, service, endpoint, http_method, status_code, action;

CREATE MATERIALIZED VIEW pulsehouse.carts_by_minute_view TO pulsehouse.carts_by_minute AS
SELECT
    received_day,
    toStartOfMinute(timestamp) AS minute,
    checkout_status,
    count() AS events,
    countIf(level = 'ERROR') AS errors,
    count(cart_size) AS cart_size_count,
    sum(ifNull(cart_size, 0)) AS cart_size_sum,
    max(ifNull(cart_size, 0)) AS cart_size_max,
    quantilesBFloat16State(0.5, 0.9, 0.95, 0.99)(cart_size) AS cart_size_quantiles,
    uniqCombinedState(12)(nullIf(user_id, '')) AS users,
    uniqCombinedState(12)(nullIf(session_id, '')) AS sessions
FROM pulsehouse.logs
WHERE checkout_status != '' OR cart_size IS NOT NULL
GROUP BY received_day, minute, checkout_status;

CREATE MATERIALIZED VIEW pulsehouse.products_by_hour_view TO pulsehouse.products_by_hour AS
SELECT
    received_day,
    toStartOfHour(timestamp) AS hour,
    product_id,
    count() AS events,
    countIf(action = 'view_page') AS views,
    countIf(checkout_status = 'completed') AS bought,
    uniqCombinedState(12)(nullIf(user_id, '')) AS users,
    uniqCombinedState(12)(nullIf(session_id, '')) AS sessions
FROM pulsehouse.logs
WHERE product_id != ''
GROUP BY received_day, hour, product_id;

CREATE MATERIALIZED VIEW pulsehouse.endpoints_by_minute_view TO pulsehouse.endpoints_by_minute AS
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
    sum(s.network_latency_sum) AS network_latency_sum
FROM pulsehouse.stats_by_minute AS s
GROUP BY received_day, minute, service, endpoint;

CREATE MATERIALIZED VIEW pulsehouse.facets_by_hour_view TO pulsehouse.facets_by_hour AS
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
