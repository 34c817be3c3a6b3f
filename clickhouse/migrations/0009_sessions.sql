-- Sessions: when they began and ended, what they saw first and last, whether they bought.
--
-- A row is what one batch saw of a session within one hour; a session is read by grouping its rows. The hour stands in
-- the key so that a question about a time range reads that range, and a few hours around it for sessions that reach over
-- its bounds.
-- Pages are events of the action view_page; entry and exit are the endpoints of the first and the last of them.
--
-- SELECT session_id, min(started) AS began, max(ended) AS over, sum(pages), argMinMerge(entry), argMaxMerge(exit), max(converted)
-- FROM pulsehouse.sessions WHERE hour >= now() - INTERVAL 6 HOUR GROUP BY session_id ORDER BY began DESC LIMIT 100
CREATE TABLE IF NOT EXISTS pulsehouse.sessions
(
    received_day Date,
    hour         DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    session_id   String CODEC (ZSTD(1)),
    started      SimpleAggregateFunction(min, DateTime64(6, 'UTC')) CODEC (Delta(8), ZSTD(1)),
    ended        SimpleAggregateFunction(max, DateTime64(6, 'UTC')) CODEC (Delta(8), ZSTD(1)),
    events       SimpleAggregateFunction(sum, UInt64),
    pages        SimpleAggregateFunction(sum, UInt64),
    errors       SimpleAggregateFunction(sum, UInt64),
    user_id      SimpleAggregateFunction(max, String) COMMENT 'Pseudonym; empty until the session logs in',
    entry        AggregateFunction(argMinIf, LowCardinality(String), DateTime64(6, 'UTC'), UInt8),
    exit         AggregateFunction(argMaxIf, LowCardinality(String), DateTime64(6, 'UTC'), UInt8),
    referrer     AggregateFunction(argMin, LowCardinality(String), DateTime64(6, 'UTC')) COMMENT 'Domain; of the first event',
    device       SimpleAggregateFunction(max, LowCardinality(String)),
    browser      SimpleAggregateFunction(max, LowCardinality(String)),
    os           SimpleAggregateFunction(max, LowCardinality(String)),
    converted    SimpleAggregateFunction(max, UInt8) COMMENT 'A checkout was completed'
)
ENGINE = AggregatingMergeTree
PARTITION BY received_day
ORDER BY (hour, session_id)
TTL received_day + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.sessions_view TO pulsehouse.sessions AS
SELECT
    l.received_day AS received_day,
    toStartOfHour(l.timestamp) AS hour,
    l.session_id AS session_id,
    min(l.timestamp) AS started,
    max(l.timestamp) AS ended,
    count() AS events,
    countIf(l.action = 'view_page') AS pages,
    countIf(l.level = 'ERROR') AS errors,
    max(l.user_id) AS user_id,
    argMinIfState(l.endpoint, l.timestamp, l.action = 'view_page') AS entry,
    argMaxIfState(l.endpoint, l.timestamp, l.action = 'view_page') AS exit,
    argMinState(l.referrer_domain, l.timestamp) AS referrer,
    max(l.device) AS device,
    max(l.browser) AS browser,
    max(l.os) AS os,
    max(l.checkout_status = 'completed') AS converted
FROM pulsehouse.logs AS l
WHERE l.session_id != ''
GROUP BY received_day, hour, session_id;
