import { afterAll, beforeAll, expect, test } from 'vitest'
import { runQuery } from '../src/query/named-query.js'
import { dimensionNames, type DimensionName } from '../src/stats/dimensions.js'
import { measureNames } from '../src/stats/measures.js'
import { planFor, tablesOf, type Plan, type Question } from '../src/stats/plan.js'
import { boundsOf, statsQuery, type StatsParameters, type StatsRow } from '../src/stats/stats-query.js'
import { rollups } from '../src/stats/tables.js'
import { insertRows, seededRandom } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'
import { trafficRows, trafficStartMicros } from './support/traffic-rows.js'

const questions = 1_000
const seed = 31
const random = seededRandom(seed)
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
const some = <T>(values: readonly T[], most: number): T[] =>
  Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(values))

const startSeconds = trafficStartMicros / 1e6
const filterValues: Partial<Record<DimensionName, readonly (string | number)[]>> = {
  service: ['checkout', 'catalog'],
  endpoint: ['/a'],
  method: ['GET'],
  status: [404, 500],
  action: ['login'],
  device: ['mobile'],
  browser: ['Chrome'],
  server: ['10.0.0.1', '10.0.0.2'],
  level: ['ERROR'],
}

const rolledUp = dimensionNames.filter((name) =>
  rollups.some(({ dimensions, facets }) => dimensions.has(name) || facets.has(name)),
)

let stack: MigratedClickhouse
beforeAll(async () => {
  stack = await startMigratedClickhouse()
  const rows = trafficRows(seed, 6_000)
  for (let first = 0; first < rows.length; first += 1_500) {
    await insertRows(stack.url, rows.slice(first, first + 1_500))
  }
})
afterAll(() => stack.close())

interface Drawn {
  question: Question
  filters: Partial<StatsParameters>
}

/** Ranges begin and end at any minute or at whole hours, before, within and after the traffic. */
function draw(): Drawn {
  const unit = pick([60, 60, 3_600])
  const edge = (): number => startSeconds + Math.floor(((random() * 7 - 1) * 3_600) / unit) * unit
  const [a, b] = [edge(), edge()]
  const filters = Object.fromEntries(
    [...new Set(some(Object.keys(filterValues) as DimensionName[], 2))].map((name) => [
      name,
      filterValues[name],
    ]),
  ) as Partial<StatsParameters>
  const question: Question = {
    fromSeconds: Math.min(a, b),
    toSeconds: Math.max(a, b) + unit,
    stepSeconds: pick([undefined, 60, 420, 3_600, 7_200]),
    groupBy: [...new Set(some(random() < 0.1 ? dimensionNames : rolledUp, 2))],
    measures: [...new Set([pick(measureNames), ...some(measureNames, 3)])],
    filters: Object.keys(filters),
  }
  return { question, filters }
}

async function ask({ question, filters }: Drawn, plan: Plan): Promise<StatsRow[]> {
  return await runQuery(
    statsQuery(question, plan, 'time', 'all'),
    {
      ...filters,
      from_seconds: question.fromSeconds,
      to_seconds: question.toSeconds,
      bounds: boundsOf(plan),
      step_seconds: question.stepSeconds,
      rows_max: 100_000,
    },
    { clickhouse: stack.clickhouse, timeLimitMs: 20_000 },
  )
}

/** Sums of the same numbers in another order differ in their last digits. */
function rounded(rows: readonly StatsRow[]): unknown[] {
  return rows.map((row) =>
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toPrecision(9)) : value,
    ]),
  )
}

test(`what the planner chooses gives what the events give, for ${questions} random questions`, async () => {
  const used = new Map<string, number>()
  for (let compared = 0; compared < questions;) {
    const drawn = draw()
    const plan = planFor(drawn.question)
    for (const table of tablesOf(plan)) used.set(table, (used.get(table) ?? 0) + 1)
    if (plan.kind === 'events') continue
    compared += 1
    const [planned, raw] = await Promise.all([ask(drawn, plan), ask(drawn, { kind: 'events' })])
    expect(rounded(planned), `seed ${seed}, question ${compared}: ${JSON.stringify(drawn)}`).toEqual(
      rounded(raw),
    )
  }
  // The draw must reach every table, or nothing is shown of it.
  for (const { name } of rollups) expect([name, (used.get(name) ?? 0) > 10]).toEqual([name, true])
}, 300_000)
