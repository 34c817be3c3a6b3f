/** What a dashboard shows when it is opened: hours back, until now. */
const defaultHours = 6

/** The same as Superset writes it; said in full, because its "last" counts from midnight unless it is configured. */
export const defaultTimeRange = `DATEADD(DATETIME("now"), -${defaultHours}, hour) : now`

/** The step of charts over time: six hours are 72 points, a day is 288. */
export const timeGrain = 'PT5M'

/** How times are written, d3 formats in UTC: on an axis, and where there is room. */
export const timeFormats = { clock: '%H:%M', whole: '%Y-%m-%d %H:%M' } as const
