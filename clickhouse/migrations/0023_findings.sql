-- What the detector found: one row a version of a finding, the newest counts. A row explains itself: what, where, since when,
-- how far from what was expected and by which baseline, what explains most of the change, and requests to look at.
--
-- All rows of one judged minute are one INSERT, so a crash leaves all of them or none. Ids follow from the rule, the
-- subject and the first minute: a minute that is judged again writes the same ids.
-- Sort key: by beginning, as people look at it. Unpartitioned: a few rows a day, and FINAL joins the versions of all months.
--
-- SELECT started, severity, title, summary FROM pulsehouse.findings FINAL
-- WHERE started >= now() - INTERVAL 1 DAY ORDER BY started DESC
CREATE TABLE IF NOT EXISTS pulsehouse.findings
(
    started           DateTime('UTC') COMMENT 'First minute that is part of it',
    finding_id        String,
    incident_id       String COMMENT 'The id of the finding that opened the incident',
    judged_minute     DateTime('UTC') COMMENT 'The closed minute by which this version was written',
    ended             Nullable(DateTime('UTC')) COMMENT 'End of the last minute that is part of it; NULL while it goes on',
    detected_at       DateTime64(3, 'UTC') COMMENT 'When its first version was written',
    opened_minute     DateTime('UTC') COMMENT 'The closed minute by which its first version was written',
    incident_change   LowCardinality(String) COMMENT 'What this version meant for people: opened, escalated, resolved; empty for nothing new',
    rule              LowCardinality(String) COMMENT 'Of the rules file',
    kind              LowCardinality(String) COMMENT 'One of a closed list, see packages/platform/src/finding-kinds.ts',
    severity          LowCardinality(String) COMMENT 'info, warning, critical',
    service           LowCardinality(String) COMMENT 'Empty where all are meant',
    endpoint          LowCardinality(String) COMMENT 'Empty where all are meant',
    entity_type       LowCardinality(String) COMMENT 'Empty, ip_address, ip_network, user, session',
    entity            String COMMENT 'Pseudonym',
    metric            LowCardinality(String),
    unit              LowCardinality(String),
    observed          Float64 COMMENT 'Worst value so far',
    expected          Float64,
    expected_low      Float64,
    expected_high     Float64,
    baseline          String COMMENT 'What the expectation was made from, for people',
    score             Float64 COMMENT 'About the number of zeros of its probability',
    title             String,
    summary           String COMMENT 'What happened, where and how bad, in a sentence or two',
    causes            Array(Tuple(dimension LowCardinality(String), value String, share Float64, observed Float64, expected Float64)) COMMENT 'What explains most of the change, the largest share first',
    example_requests  Array(String) COMMENT 'request_id of events to look at'
)
ENGINE = ReplacingMergeTree(judged_minute)
ORDER BY (started, finding_id)
TTL started + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 1000;

-- Findings that belong together. The most severe one gives the incident its title; of these one that says who did it, and of
-- these the surest, as packages/detector/src/incidents/incident-book.ts chooses.
--
-- SELECT started, ended, severity, title, findings FROM pulsehouse.incidents ORDER BY started DESC LIMIT 20
CREATE VIEW IF NOT EXISTS pulsehouse.incidents AS
WITH (indexOf(['info', 'warning', 'critical'], f.severity), f.entity != '', f.score, f.finding_id) AS weight
SELECT
    incident_id,
    min(f.started) AS started,
    if(countIf(f.ended IS NULL) = 0, max(f.ended), NULL) AS ended,
    if(countIf(f.ended IS NULL) = 0, 'resolved', 'open') AS status,
    argMax(f.severity, weight) AS severity,
    argMax(f.kind, weight) AS kind,
    argMax(f.title, weight) AS title,
    argMax(f.summary, weight) AS summary,
    arraySort(arrayFilter(name -> name != '', groupUniqArray(f.service))) AS services,
    arraySort(groupUniqArray(f.kind)) AS kinds,
    count() AS findings,
    max(f.judged_minute) AS updated
FROM pulsehouse.findings AS f FINAL
GROUP BY incident_id;
