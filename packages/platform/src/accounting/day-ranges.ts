/** Days of arrival, both ends included, `YYYY-MM-DD`. */
export interface DayRange {
  from: string
  to: string
}

/** Rows of `logs` that one query reads, if a single day has not more: some seconds of a busy machine. */
const rowsMax = 20_000_000
/** Ends of ClickHouse's type Date: a rollup may have days that `logs` has not. */
const [firstDay, lastDay] = ['1970-01-01', '2149-06-06']

/** How many rows `logs` has of each day of arrival, the oldest first. */
export const rowsByDay = `
SELECT toString(partition) AS day, sum(rows) AS rows
FROM system.parts WHERE active AND database = currentDatabase() AND table = 'logs'
GROUP BY day ORDER BY day`

/** Cuts all of time into ranges that can be read at a time, so that an account of any size is many queries that end. */
export function dayRanges(days: readonly { day: string; rows: number }[]): DayRange[] {
  const ranges: DayRange[] = [{ from: firstDay, to: lastDay }]
  let rows = 0
  for (const { day, rows: rowsOfDay } of days) {
    const open = ranges.at(-1)
    if (open !== undefined && rows > 0 && rows + rowsOfDay > rowsMax) {
      open.to = dayBefore(day)
      ranges.push({ from: day, to: lastDay })
      rows = 0
    }
    rows += rowsOfDay
  }
  return ranges
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
}
