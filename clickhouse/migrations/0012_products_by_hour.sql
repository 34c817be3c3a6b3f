-- Interest in products by hour: who looked, who bought.
--
-- By the hour and not by the minute: there are so many products that a minute's rows would be as many as its events.
--
-- SELECT product_id, sum(views), sum(bought), uniqMerge(users) FROM pulsehouse.products_by_hour
-- WHERE hour >= now() - INTERVAL 1 DAY GROUP BY product_id ORDER BY 2 DESC LIMIT 20
CREATE TABLE IF NOT EXISTS pulsehouse.products_by_hour
(
    received_day Date,
    hour         DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    product_id   String CODEC (ZSTD(1)),
    events       SimpleAggregateFunction(sum, UInt64),
    views        SimpleAggregateFunction(sum, UInt64) COMMENT 'Events of the action view_page',
    bought       SimpleAggregateFunction(sum, UInt64) COMMENT 'Completed checkouts',
    users        AggregateFunction(uniq, Nullable(String)),
    sessions     AggregateFunction(uniq, Nullable(String))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(received_day)
ORDER BY (hour, product_id, received_day)
TTL received_day + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.products_by_hour_view TO pulsehouse.products_by_hour AS
SELECT
    received_day,
    toStartOfHour(timestamp) AS hour,
    product_id,
    count() AS events,
    countIf(action = 'view_page') AS views,
    countIf(checkout_status = 'completed') AS bought,
    uniqState(nullIf(user_id, '')) AS users,
    uniqState(nullIf(session_id, '')) AS sessions
FROM pulsehouse.logs
WHERE product_id != ''
GROUP BY received_day, hour, product_id;
