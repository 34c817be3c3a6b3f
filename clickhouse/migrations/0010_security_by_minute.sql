-- What a security audit looks at, by minute, address and user: logins, refusals, paths that do not exist, what
-- administrators did. Only events of these kinds have rows, so it is narrow whatever the traffic.
--
-- A login counts as failed by its status (401, 403, 429), as any refusal does. Paths of 404s are counted apart, because
-- many different ones are what tells a scanner from a broken link.
-- Sort key: the minute first, because every question names a time range; then the address, which attacks share.
--
-- SELECT ip_address, sum(logins_failed), uniqMerge(missing_paths) FROM pulsehouse.security_by_minute
-- WHERE minute >= now() - INTERVAL 1 HOUR GROUP BY ip_address ORDER BY 2 DESC LIMIT 20
CREATE TABLE IF NOT EXISTS pulsehouse.security_by_minute
(
    received_day     Date,
    minute           DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    ip_address       String COMMENT 'Pseudonym' CODEC (ZSTD(1)),
    ip_network       LowCardinality(String),
    user_id          String COMMENT 'Pseudonym' CODEC (ZSTD(1)),
    events           SimpleAggregateFunction(sum, UInt64),
    logins_succeeded SimpleAggregateFunction(sum, UInt64),
    logins_failed    SimpleAggregateFunction(sum, UInt64),
    refused          SimpleAggregateFunction(sum, UInt64) COMMENT '401 and 403, logins included',
    not_found        SimpleAggregateFunction(sum, UInt64) COMMENT '404',
    missing_paths    AggregateFunction(uniq, String) COMMENT 'Different paths of 404s',
    admin_actions    SimpleAggregateFunction(sum, UInt64) COMMENT 'Events of the authentication level admin'
)
ENGINE = AggregatingMergeTree
PARTITION BY received_day
ORDER BY (minute, ip_address, ip_network, user_id)
TTL received_day + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.security_by_minute_view TO pulsehouse.security_by_minute AS
SELECT
    received_day,
    toStartOfMinute(timestamp) AS minute,
    ip_address,
    ip_network,
    user_id,
    count() AS events,
    countIf(action = 'login' AND status_code BETWEEN 200 AND 399) AS logins_succeeded,
    countIf(action = 'login' AND status_code IN (401, 403, 429)) AS logins_failed,
    countIf(status_code IN (401, 403)) AS refused,
    countIf(status_code = 404) AS not_found,
    uniqStateIf(url, status_code = 404) AS missing_paths,
    countIf(auth_level = 'admin') AS admin_actions
FROM pulsehouse.logs
WHERE action = 'login' OR status_code IN (401, 403, 404) OR auth_level = 'admin'
GROUP BY received_day, minute, ip_address, ip_network, user_id;
