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

/** The rows of each group of a series, by their time. */
export type StepGroups<Row> = ReadonlyMap<string, { of: Row | undefined; at: ReadonlyMap<number, Row> }>

/**
 * Sorts rows by what tells groups apart.
 *
 * @param groupOf undefined when rows are not split: they are one group, which is there also without rows.
 */
export function stepGroupsOf<Row extends { time_seconds: number }>(
  rows: readonly Row[],
  groupOf: ((row: Row) => string) | undefined,
): StepGroups<Row> {
  const groups = new Map<string, { of: Row | undefined; at: Map<number, Row> }>()
  if (groupOf === undefined) groups.set('', { of: undefined, at: new Map() })
  for (const row of rows) {
    const key = groupOf?.(row) ?? ''
    const group = groups.get(key) ?? { of: row, at: new Map<number, Row>() }
    groups.set(key, group)
    group.at.set(row.time_seconds, row)
  }
  return groups
}

/**
 * Puts a row into every step in which a group has none, because nothing happened then. The groups are those that the
 * rows have.
 *
 * @param rows in the order of their time.
 * @param groups of these rows.
 * @param emptyRow the row of a group at a time at which nothing happened, made from one of its rows.
 */
export function fillSteps<Row extends { time_seconds: number }>(
  rows: readonly Row[],
  steps: readonly number[],
  groups: StepGroups<Row>,
  emptyRow: (timeSeconds: number, of: Row | undefined) => Row,
): Row[] {
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
  // Rows of the same step follow each other, and writing a time out takes longer than all else here.
  let step = { start: Number.NaN, time: '', running: false }
  return rows.map(({ time_seconds: start, ...rest }) => {
    if (start !== step.start) {
      const endSeconds = Math.min(start + stepSeconds, toSeconds)
      step = { start, time: isoOf(start), running: endSeconds > nowSeconds }
    }
    return { time: step.time, running: step.running, ...rest }
  })
}
