import { kept, ofStream } from './accounting-queries.js'
import { accountedRollups, measures, type Measure } from './accounted-rollups.js'

/** Minutes or hours that one rollup lists at the most where it differs. */
export const differingTimesMax = 10_000

/** Rows of the days that one query is about. */
const ofDays = `${kept} AND received_day BETWEEN {from:Date} AND {to:Date}`
const names = Object.keys(measures) as Measure[]

/** Events by minute, in the order of `measures`: the whole of `logs` is read once for all rollups. */
function eventsByMinute(condition: string): string {
  const counted = names.map((name) => `countIf(${measures[name]}) AS ${name}`).join(', ')
  return `SELECT toStartOfMinute(timestamp) AS minute, ${counted} FROM logs WHERE ${ofDays} AND ${condition} GROUP BY minute`
}

const expected = accountedRollups.map(
  ({ time, measure, perEvent }, place) =>
    `(toUInt8(${place}), ${time === 'hour' ? 'toStartOfHour(minute)' : 'minute'}, ${perEvent} * ${measure})`,
)
const counted = accountedRollups.map(
  ({ table, time }, place) =>
    `SELECT toUInt8(${place}) AS target, ${time} AS step, toUInt64(0) AS rowsExpected, sum(events) AS rowsCounted FROM ${table} WHERE ${ofDays} GROUP BY step`,
)

/** What a rollup counts beside what it must count at least, in its own rows an event. */
export interface RollupSums {
  /** Its place in `accountedRollups`. */
  target: number
  expected: number
  counted: number
  /** Steps of time in which the two differ. */
  differingTimes: number
  /** The first of them: their start in seconds since 1970, what must be there, and what is. */
  differing: [time: number, expected: number, counted: number][]
}

/**
 * Every rollup against the raw rows of all streams that are committed, which were in it before the query began. What it
 * counts beyond them may be under way.
 */
export const rollupSums = `
WITH raw AS (${eventsByMinute(`NOT (${ofStream} AND stream_seq > {committed:UInt64})`)})
SELECT target, sum(must) AS expected, sum(has) AS counted, countIf(must != has) AS differingTimes,
       arraySlice(arraySort(groupArrayIf((toUnixTimestamp(step), must, has), must != has)), 1, ${differingTimesMax}) AS differing
FROM (
  SELECT target, step, sum(rowsExpected) AS must, sum(rowsCounted) AS has
  FROM (
    SELECT given.1 AS target, given.2 AS step, sum(given.3) AS rowsExpected, toUInt64(0) AS rowsCounted
    FROM raw ARRAY JOIN [${expected.join(', ')}] AS given
    GROUP BY target, step
    UNION ALL ${counted.join('\n    UNION ALL ')}
  )
  GROUP BY target, step
)
GROUP BY target`

/** What is under way: of each minute its start in seconds since 1970, then its events in the order of `measures`. */
export interface EventsUnderWay {
  minutes: number[][]
}

/** Read after the rollups, because a row is in the raw table first: what they may count beyond what is committed. */
export const eventsUnderWay = `
SELECT groupArray((toUnixTimestamp(minute), ${names.join(', ')})) AS minutes
FROM (${eventsByMinute(`${ofStream} AND stream_seq > {committed:UInt64}`)})`
