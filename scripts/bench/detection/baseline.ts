import type { Clickhouse } from '@pulsehouse/platform'
import type { Claim } from './match.js'
import { staticThresholds, type MinuteTotals, type StaticThreshold } from './static-thresholds.js'

const minuteS = 60
/** An alarm that rings again within this time is the same one, in seconds. */
const sameWithinS = 1_800

const minutesSql = `
  SELECT toUnixTimestamp(t.minute) AS seconds, t.events AS events, s.errors AS serverErrors,
    t.p95 AS responseTimeP95, l.failed AS loginsFailed
  FROM (
    SELECT minute, sum(events) AS events,
      quantilesBFloat16Merge(0.5, 0.9, 0.95, 0.99)(response_time_quantiles)[3] AS p95
    FROM totals_by_minute
    WHERE minute >= toDateTime({from:UInt32}) AND minute < toDateTime({to:UInt32})
    GROUP BY minute
  ) AS t
  LEFT JOIN (
    SELECT toStartOfMinute(timestamp) AS minute, count() AS errors FROM logs
    WHERE status_code >= 500 AND timestamp >= toDateTime({from:UInt32}) AND timestamp < toDateTime({to:UInt32})
    GROUP BY minute
  ) AS s USING minute
  LEFT JOIN (
    SELECT minute, sum(logins_failed) AS failed FROM security_by_minute
    WHERE minute >= toDateTime({from:UInt32}) AND minute < toDateTime({to:UInt32})
    GROUP BY minute
  ) AS l USING minute
  ORDER BY seconds`

/** What alarms with fixed thresholds would have told, minute by minute. Times are in seconds since 1970. */
export async function askBaseline(
  clickhouse: Clickhouse,
  range: { fromSeconds: number; toSeconds: number },
): Promise<Claim[]> {
  const { fromSeconds: from, toSeconds: to } = range
  const stored = await clickhouse.query<MinuteTotals>(minutesSql, { from, to })
  const minutes = withoutGaps(stored, from, to)
  return staticThresholds.flatMap((threshold) => ring(threshold, minutes))
}

/** A minute without any request has no row, and is what an alarm on traffic waits for. */
function withoutGaps(stored: readonly MinuteTotals[], from: number, to: number): MinuteTotals[] {
  const bySeconds = new Map(stored.map((minute) => [minute.seconds, minute]))
  return Array.from({ length: (to - from) / minuteS }, (_, index) => {
    const seconds = from + index * minuteS
    const silent = { seconds, events: 0, serverErrors: 0, responseTimeP95: 0, loginsFailed: 0 }
    return bySeconds.get(seconds) ?? silent
  })
}

/** When an alarm rings: it is over for two minutes in a row, and was quiet for a while. */
export function ring(threshold: StaticThreshold, minutes: readonly MinuteTotals[]): Claim[] {
  const claims: Claim[] = []
  for (const [index, minute] of minutes.entries()) {
    const before = minutes[index - 1]
    if (before === undefined || !threshold.isOver(before) || !threshold.isOver(minute)) continue
    const endedSeconds = minute.seconds + minuteS
    const last = claims.at(-1)
    if (last !== undefined && before.seconds - last.endedSeconds < sameWithinS) {
      last.endedSeconds = endedSeconds
    } else {
      const { kind, name: title } = threshold
      claims.push({
        kinds: [kind],
        title,
        startedSeconds: before.seconds,
        endedSeconds,
        toldSeconds: endedSeconds,
      })
    }
  }
  return claims
}
