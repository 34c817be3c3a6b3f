-- The ground truth of generated traffic: which incident of which scenario was planted when. The generator writes it beside
-- the events, never into them, and only benchmarks read it.
--
-- Sort key: by time, as it is compared with what the detector found. A scenario that is generated again replaces its rows.
--
-- SELECT kind, count() FROM pulsehouse.planted_incidents FINAL GROUP BY kind
CREATE TABLE IF NOT EXISTS pulsehouse.planted_incidents
(
    scenario    LowCardinality(String),
    seed        UInt64,
    incident_id String COMMENT 'Of its scenario and seed',
    kind        LowCardinality(String) COMMENT 'One of a closed list, see packages/generator/src/incidents/incident-kind.ts',
    harmless    Bool COMMENT 'Looks like an incident and is none: whoever reports it is wrong',
    started     DateTime64(3, 'UTC'),
    ended       DateTime64(3, 'UTC'),
    service     LowCardinality(String) COMMENT 'Empty where no one service is meant',
    endpoint    LowCardinality(String) COMMENT 'Empty where no one endpoint is meant',
    detail      String COMMENT 'What was done, for people',
    inserted_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(inserted_at)
ORDER BY (started, scenario, seed, incident_id)
SETTINGS non_replicated_deduplication_window = 1000;
