import { defineDataset, formats } from '../dataset.js'

/** So many slots before are looked at: six hours. */
const slotsBack = 72
/** With fewer, nothing is called unusual: an hour. */
const slotsToJudge = 12
const before = `(PARTITION BY service ORDER BY slot ROWS BETWEEN ${slotsBack} PRECEDING AND 1 PRECEDING)`

/** The errors of each service in slots of five minutes, beside what its six hours before let expect. */
export const errorExpectation = defineDataset({
  name: 'error_expectation',
  description:
    'Errors of each service in slots of five minutes, beside the mean and the variance of its six hours before; of the slot that runs, as much as has passed of it. The variance is at least the mean, as it is of counts that come by chance.',
  sql: `SELECT
  slot,
  service,
  slot_errors,
  slots_before,
  least(dateDiff('second', slot, now()) / 300, 1) AS elapsed,
  if(slots_before = 0, toFloat64(slot_errors), mean_before * elapsed) AS expected,
  greatest(if(slots_before = 0, toFloat64(0), variance_before * elapsed), expected, toFloat64(1)) AS variance
FROM (
  SELECT
    slot,
    service,
    slot_errors,
    count() OVER ${before} AS slots_before,
    avg(slot_errors) OVER ${before} AS mean_before,
    varPop(slot_errors) OVER ${before} AS variance_before
  FROM (
    SELECT toStartOfFiveMinutes(minute) AS slot, service, sum(errors) AS slot_errors
    FROM pulsehouse.services_by_minute
    WHERE minute >= now() - INTERVAL 8 DAY
    GROUP BY slot, service
  )
)`,
  time: 'slot',
  columns: {
    service: { label: 'Service' },
    when: { label: 'Five minutes from', sql: "formatDateTime(slot, '%d. %H:%i')" },
  },
  metrics: {
    slot_error_count: {
      label: 'Errors',
      sql: 'sum(slot_errors)',
      format: formats.count,
      description: 'Events of level ERROR.',
    },
    expected_count: {
      label: 'Expected errors',
      sql: 'sum(expected)',
      format: formats.rate,
      description: 'The mean of the six hours before, of each service.',
    },
    most_expected_count: {
      label: 'Expected at the most',
      sql: 'sum(expected) + 3 * sqrt(sum(variance))',
      format: formats.rate,
      description: 'Three standard deviations above what is expected.',
    },
    unusual_slots: {
      label: 'Unusual five minutes',
      sql: `countIf(slots_before >= ${slotsToJudge} AND slot_errors > expected + 3 * sqrt(variance))`,
      format: formats.count,
      description:
        'Five minutes of a service with more errors than expected at the most, once it has an hour of history.',
    },
    deviation: {
      label: 'Above expected, σ',
      sql: 'max((slot_errors - expected) / sqrt(variance))',
      format: formats.rate,
      description: 'By how many standard deviations; more than 3 is unusual.',
    },
  },
})
