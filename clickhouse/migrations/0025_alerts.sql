-- Who was told of what: one row a version of an alert to one receiver, the newest counts. An alert is written before it is
-- sent and again when it has arrived, so none is forgotten in a crash and failures can be seen.
--
-- Sort key: by the minute that caused it.
--
-- SELECT created, receiver, change, title, attempts, last_error FROM pulsehouse.alerts FINAL WHERE state != 'sent' ORDER BY created
CREATE TABLE IF NOT EXISTS pulsehouse.alerts
(
    created     DateTime64(3, 'UTC') COMMENT 'The judged minute that caused it',
    alert_id    String COMMENT 'Of the incident, its change and its receiver: a receiver can tell a repetition by it',
    version     UInt32,
    incident_id String,
    receiver    LowCardinality(String) COMMENT 'Its name in the rules file',
    change      LowCardinality(String) COMMENT 'opened, escalated, resolved',
    severity    LowCardinality(String),
    title       String,
    state       LowCardinality(String) COMMENT 'pending, sent, muted, given_up',
    attempts    UInt32,
    last_error  String,
    sent_at     Nullable(DateTime64(3, 'UTC')),
    body        String COMMENT 'What is sent, JSON' CODEC (ZSTD(3))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (created, alert_id)
TTL toDateTime(created) + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 1000;
