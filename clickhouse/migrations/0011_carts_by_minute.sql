-- Carts and checkouts by minute: how many, how they ended, how large the carts were.
--
-- Only events that carry a cart or a checkout have rows. cart_size_max finds the outlying cart that a mean hides.
-- Sort key: the minute first, as for every question about a time range; then how the checkout stands, empty for a cart.
--
-- SELECT minute, sumIf(events, checkout_status = 'failed') AS failed, uniqMergeIf(sessions, checkout_status = 'completed') AS buyers
-- FROM pulsehouse.carts_by_minute WHERE minute >= now() - INTERVAL 1 HOUR GROUP BY minute ORDER BY minute
CREATE TABLE IF NOT EXISTS pulsehouse.carts_by_minute
(
    received_day        Date,
    minute              DateTime('UTC') CODEC (Delta(4), ZSTD(1)),
    checkout_status     LowCardinality(String),
    events              SimpleAggregateFunction(sum, UInt64),
    errors              SimpleAggregateFunction(sum, UInt64) COMMENT 'Events of level ERROR',
    cart_size_count     SimpleAggregateFunction(sum, UInt64),
    cart_size_sum       SimpleAggregateFunction(sum, UInt64),
    cart_size_max       SimpleAggregateFunction(max, UInt32),
    cart_size_quantiles AggregateFunction(quantilesBFloat16(0.5, 0.9, 0.95, 0.99), Nullable(UInt32)),
    users               AggregateFunction(uniq, Nullable(String)),
    sessions            AggregateFunction(uniq, Nullable(String))
)
ENGINE = AggregatingMergeTree
PARTITION BY received_day
ORDER BY (minute, checkout_status)
TTL received_day + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 1000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS pulsehouse.carts_by_minute_view TO pulsehouse.carts_by_minute AS
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
    uniqState(nullIf(user_id, '')) AS users,
    uniqState(nullIf(session_id, '')) AS sessions
FROM pulsehouse.logs
WHERE checkout_status != '' OR cart_size IS NOT NULL
GROUP BY received_day, minute, checkout_status;
