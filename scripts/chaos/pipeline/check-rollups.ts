import type { Clickhouse } from '@pulsehouse/platform'

const faultsMax = 10

/** A materialized view, what it reads by, and where it writes. */
interface View {
  name: string
  target: string
  select: string
}

const views = `
SELECT name, as_select AS select, extract(create_table_query, ' TO (?:\`?pulsehouse\`?\\\\.)?\`?(\\\\w+)') AS target
FROM system.tables WHERE database = 'pulsehouse' AND engine = 'MaterializedView' ORDER BY name`

const columns = `
SELECT name, type FROM system.columns WHERE database = 'pulsehouse' AND table = {table:String}`

/** What came of holding the rollups against the raw rows. */
export interface RollupCheck {
  /** Tables that were compared, and sums. */
  rollups: number
  sums: number
  faults: string[]
}

/**
 * Holds every rollup against the raw rows, in every minute or hour: each view's own question, asked of all rows at once,
 * must give the sums that its target has. Views are found in the database, so that none can be forgotten.
 */
export async function checkRollups(clickhouse: Clickhouse): Promise<RollupCheck> {
  const check: RollupCheck = { rollups: 0, sums: 0, faults: [] }
  for (const view of await clickhouse.query<View>(views)) {
    const described = await clickhouse.query<{ name: string; type: string }>(columns, { table: view.target })
    const time = described.find(({ name }) => name === 'minute' || name === 'hour')?.name
    const sums = described
      .filter(({ type }) => type === 'SimpleAggregateFunction(sum, UInt64)')
      .map(({ name }) => name)
    if (time === undefined || sums.length === 0) {
      check.faults.push(
        `${view.target} has no minute, hour or sum by which the view ${view.name} could be judged`,
      )
      continue
    }
    const select = (from: string): string =>
      `SELECT toUnixTimestamp(${time}) AS at, ${sums.map((name) => `sum(${name}) AS total_${name}`).join(', ')} FROM ${from} GROUP BY at ORDER BY at`
    const rolledUp = await clickhouse.query<Record<string, number>>(select(view.target))
    const raw = await clickhouse.query<Record<string, number>>(select(`(${view.select})`))
    check.rollups += 1
    check.sums += raw.length * sums.length
    check.faults.push(...differences(view.target, sums, raw, rolledUp))
  }
  return { ...check, faults: check.faults.slice(0, faultsMax) }
}

function differences(
  target: string,
  sums: readonly string[],
  raw: readonly Record<string, number>[],
  rolledUp: readonly Record<string, number>[],
): string[] {
  const byTime = (rows: readonly Record<string, number>[]) =>
    new Map(rows.map((row) => [row['at'] ?? 0, row]))
  const [expected, found] = [byTime(raw), byTime(rolledUp)]
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((at) =>
    sums.flatMap((name) => {
      const [should, is] = [expected, found].map((rows) => rows.get(at)?.[`total_${name}`] ?? 0)
      if (should === is) return []
      return [
        `${target}.${name} of ${new Date(at * 1000).toISOString()} is ${is}, the raw rows give ${should}`,
      ]
    }),
  )
}
