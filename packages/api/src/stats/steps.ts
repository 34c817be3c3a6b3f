import { isoOf } from '../parameters/minute-range.js'

/** Rows of one answer at the most. */
export const rowsMax = 50_000

/** Times at which the steps of a range start that have begun by now, seconds since 1970, oldest first. */
export function stepsOf(
  range: { fromSeconds: number; toSeconds: number },
  stepSeconds: number,
  nowSeconds: number,
): number[] {
  const first = Math.floor(range.fromSeconds / stepSeconds) * stepSeconds
  const end = Math.min(range.toSeconds, nowSeconds)
  return Array.from(
    { length: Math.max(Math.ceil((end - first) / stepSeconds), 0) },
    (_, i) => first + i * stepSeconds,
  )
}

/**
 * Puts a row into every step in which a group has none, because nothing happened then. The groups are those that the
 * rows have.
 *
 * @param rows in the order of their time.
 * @param groupOf what tells groups apart; undefined when rows are not split, so that there is one also without rows.
 * @param emptyRow the row of a group at a time at which nothing happened, made from one of its rows.
 */
export function fillSteps<Row extends { time_seconds: number }>(
  rows: readonly Row[],
  steps: readonly number[],
  groupOf: ((row: Row) => string) | undefined,
  emptyRow: (timeSeconds: number, of: Row | undefined) => Row,
): Row[] {
  const keyOf = groupOf ?? (() => '')
  const groups = new Map<string, { of: Row | undefined; at: Map<number, Row> }>()
  if (groupOf === undefined) groups.set('', { of: undefined, at: new Map() })
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key) ?? { of: row, at: new Map<number, Row>() }
    groups.set(key, group)
    group.at.set(row.time_seconds, row)
  }
  const ordered = [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
  const known = new Set(steps)
  // An event may be dated ahead of its time: its step has not begun yet, and its row stays.
  const ahead = rows.filter((row) => !known.has(row.time_seconds))
  const filled = steps.flatMap((time) => ordered.map(({ of, at }) => at.get(time) ?? emptyRow(time, of)))
  return [...filled, ...ahead]
}

/**
 * The rows of a series as the API shows them: the time as text, and whether it is not over yet.
 *
 * @param toSeconds end of the range; the last step may reach beyond it.
 */
export function shownSteps<Row extends { time_seconds: number }>(
  rows: readonly Row[],
  { stepSeconds, toSeconds, nowSeconds }: { stepSeconds: number; toSeconds: number; nowSeconds: number },
) {
  return rows.map(({ time_seconds: start, ...rest }) => {
    const endSeconds = Math.min(start + stepSeconds, toSeconds)
    return { time: isoOf(start), running: endSeconds > nowSeconds, ...rest }
  })
}
