/** What a dashboard shows when it is opened: hours back, until now. */
const defaultHours = 3

/** The same as Superset writes it; said in full, because its "last" counts from midnight unless it is configured. */
export const defaultTimeRange = hoursBack(defaultHours)

/** The last 24 hours. */
export const aDay = hoursBack(24)

function hoursBack(hours: number): string {
  return `DATEADD(DATETIME("now"), -${hours}, hour) : now`
}

/**
 * The step of charts over time. A minute where a chart has few lines, so that a stack of some minutes has something to show;
 * five where it has many, because Superset takes its time for each point: 24 hours of a minute's steps by server took half
 * a second. Readers choose another one for all of them.
 */
export const timeGrains = { few: 'PT1M', many: 'PT5M' } as const

/** How times are written, d3 formats in UTC: on an axis, and where there is room. */
export const timeFormats = { clock: '%H:%M', whole: '%Y-%m-%d %H:%M' } as const
