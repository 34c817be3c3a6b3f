/** What a dashboard shows when it is opened: hours back, until now. */
const defaultHours = 3

/** The same as Superset writes it; said in full, because its "last" counts from midnight unless it is configured. */
export const defaultTimeRange = `DATEADD(DATETIME("now"), -${defaultHours}, hour) : now`

/** The step of charts over time. A minute, so that a stack of some minutes has lines to show; readers choose a longer one. */
export const timeGrain = 'PT1M'

/** How times are written, d3 formats in UTC: on an axis, and where there is room. */
export const timeFormats = { clock: '%H:%M', whole: '%Y-%m-%d %H:%M' } as const
