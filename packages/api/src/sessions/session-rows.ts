/**
 * A session is looked for in so many hours before and after the range in which it began: what of it lies further off is
 * not counted, and after a longer pause it is a session of its own.
 */
export const sessionReachHours = 6

/**
 * Rows of sessions that can have begun in a range of microseconds. The table is called `s`. The reach is taken off before
 * there is a DateTime, which would turn around below 1970.
 */
export const sessionsAround = `s.hour >= toStartOfHour(fromUnixTimestamp64Micro(greatest({from_micros:Int64} - ${sessionReachHours * 3_600_000_000}, 0), 'UTC'))
  AND s.hour < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC') + INTERVAL ${sessionReachHours} HOUR`

/** Of grouped rows, those of sessions that began in the range. */
export const beganInRange = `min(s.started) >= fromUnixTimestamp64Micro({from_micros:Int64}, 'UTC')
  AND min(s.started) < fromUnixTimestamp64Micro({to_micros:Int64}, 'UTC')`

/** What is known of a session, from its rows. */
export const sessionValues = {
  started: 'min(s.started)',
  ended: 'max(s.ended)',
  duration_seconds: "dateDiff('microsecond', min(s.started), max(s.ended)) / 1e6",
  events: 'sum(s.events)',
  pages: 'sum(s.pages)',
  errors: 'sum(s.errors)',
  user_id: 'max(s.user_id)',
  entry: 'toString(argMinIfMerge(s.entry))',
  exit: 'toString(argMaxIfMerge(s.exit))',
  referrer: 'toString(argMinMerge(s.referrer))',
  device: 'toString(max(s.device))',
  browser: 'toString(max(s.browser))',
  os: 'toString(max(s.os))',
  converted: 'max(s.converted)',
} as const

/** Something that is known of a session. */
export type SessionValue = keyof typeof sessionValues

/**
 * A query of sessions that began in the range, a row each, for a FROM. Only what is asked for is read: the states of
 * entry, exit and referrer cost more than all the rest.
 */
export function sessionsBegun(values: readonly SessionValue[]): string {
  return `(
  SELECT ${['s.session_id AS session_id', ...values.map((name) => `${sessionValues[name]} AS ${name}`)].join(', ')}
  FROM sessions AS s
  WHERE ${sessionsAround}
  GROUP BY s.session_id
  HAVING ${beganInRange}
)`
}
