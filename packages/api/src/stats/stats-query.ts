import { z } from '@hono/zod-openapi'
import { maskedInSql } from '../access/mask-people.js'
import type { Sight } from '../access/sight.js'
import { andGiven } from '../query/conditions.js'
import { logConditionParameters, logConditions, logConditionsFor } from '../logs/log-conditions.js'
import type { NamedQuery } from '../query/named-query.js'
import { dimensions, type DimensionName } from './dimensions.js'
import { isSketch, measures, type MeasureName } from './measures.js'
import type { Plan, Question, Slice } from './plan.js'
import type { StatsTable } from './tables.js'

const parameters = z.strictObject({
  from_seconds: z.int(),
  to_seconds: z.int(),
  /** Bounds of the slices of a plan, two each. */
  bounds: z.array(z.int()).optional(),
  step_seconds: z.int().positive().optional(),
  rows_max: z.int(),
  ...logConditionParameters,
})

/** What the statistics take; a filter that is absent does not filter. */
export type StatsParameters = z.infer<typeof parameters>

/** A row of the statistics, with the groups and measures that were asked for. */
export type StatsRow = {
  /** Start of the step, seconds since 1970. */
  time_seconds: number
} & { [Name in DimensionName]?: string | number | null } & { [Name in MeasureName]?: number | null }

const kinds = { text: z.string().nullable(), code: z.int().nullable() } as const

/** Only of the columns that are asked for: every row of every answer is looked at. */
function rowOf({ groupBy, measures: wanted }: Question): z.ZodType<StatsRow> {
  return z.strictObject({
    time_seconds: z.int(),
    ...Object.fromEntries(groupBy.map((name) => [name, kinds[dimensions[name].kind]])),
    ...Object.fromEntries(wanted.map((name) => [name, z.number().nullable()])),
  })
}

/** In which order rows come: by time and groups, or by a measure. */
export type StatsOrder = 'time' | { measure: MeasureName; direction: 'asc' | 'desc' }

/**
 * The query that answers a question by a plan, for whoever sees so much of people. What is not a placeholder in it comes from the closed lists of this room.
 */
export function statsQuery(
  question: Question,
  plan: Plan,
  order: StatsOrder,
  sight: Sight,
): NamedQuery<StatsParameters, StatsRow> {
  return {
    name: plan.kind === 'events' ? 'stats_from_events' : 'stats',
    parameters,
    row: rowOf(question),
    heavyRows: plan.kind === 'rollup' && question.measures.some((name) => isSketch(measures[name])),
    sql: (given) => {
      const keys = [
        ...(question.stepSeconds === undefined ? [] : ['time_seconds']),
        ...question.groupBy.map((name) => shownKeyOf(name, sight)),
      ]
      return `SELECT
  ${selectionOf(question, plan, sight).join(',\n  ')}
FROM (
${
  plan.kind === 'events'
    ? fromEvents(question, given, sight)
    : tablesIn(plan.slices)
        .map((table) => fromRollup(question, table, plan, given))
        .join('\nUNION ALL\n')
}
) AS t
${keys.length === 0 ? '' : `GROUP BY ${keys.join(', ')}`}
ORDER BY ${orderOf(order, keys)}
LIMIT ${keys.length === 0 ? '1' : '{rows_max:UInt32}'}`
    },
  }
}

/** Values of the placeholders that say which slice reads which part of the range. */
export function boundsOf(plan: Plan): number[] | undefined {
  return plan.kind === 'events'
    ? undefined
    : plan.slices.flatMap(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds])
}

function keyOf(name: DimensionName): string {
  return `t.${dimensions[name].column}`
}

/** Groups that differ in a pseudonym only are one group to whoever may not see it. */
function shownKeyOf(name: DimensionName, sight: Sight): string {
  return dimensions[name].kind === 'text' ? maskedInSql(keyOf(name), sight) : keyOf(name)
}

function selectionOf(
  { stepSeconds, groupBy, measures: wanted }: Question,
  plan: Plan,
  sight: Sight,
): string[] {
  const time =
    stepSeconds === undefined
      ? '{from_seconds:UInt32} AS time_seconds'
      : 'intDiv(t.seconds, {step_seconds:UInt32}) * {step_seconds:UInt32} AS time_seconds'
  const absent = { text: `''`, code: '0' } as const
  return [
    time,
    ...groupBy.map(
      (name) => `nullIf(${shownKeyOf(name, sight)}, ${absent[dimensions[name].kind]}) AS ${name}`,
    ),
    ...wanted.map(
      (name) => `${plan.kind === 'events' ? measures[name].raw : measures[name].rolledUp} AS ${name}`,
    ),
  ]
}

/** Where no measure is given, the groups decide, so that the order is total. */
function orderOf(order: StatsOrder, keys: readonly string[]): string {
  if (order === 'time') return keys.length === 0 ? 'time_seconds' : keys.join(', ')
  return [`${order.measure} ${order.direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`, ...keys].join(', ')
}

function fromEvents({ groupBy, measures: wanted }: Question, given: StatsParameters, sight: Sight): string {
  const columns = [
    ...groupBy.map(keyOf),
    ...wanted.flatMap((name) => measures[name].rawColumns.map((column) => `t.${column}`)),
  ]
  return `  SELECT ${['toUnixTimestamp(t.timestamp) AS seconds', ...new Set(columns)].join(', ')}
  FROM logs AS t
  WHERE toStartOfHour(t.timestamp) >= toStartOfHour(toDateTime({from_seconds:UInt32}, 'UTC'))
    AND t.timestamp >= toDateTime({from_seconds:UInt32}, 'UTC')
    AND t.timestamp < toDateTime({to_seconds:UInt32}, 'UTC')${andGiven(logConditionsFor(sight), given)}`
}

/** Each once: two slices of a table are read at once, because a part of a union costs ClickHouse 1 to 2 ms before it reads. */
function tablesIn(slices: readonly Slice[]): StatsTable[] {
  return [...new Set(slices.map(({ table }) => table))]
}

function fromRollup(
  { groupBy, measures: wanted }: Question,
  table: StatsTable,
  { slices, facet }: Plan & { kind: 'rollup' },
  given: StatsParameters,
): string {
  const groups = groupBy.map((name) =>
    name === facet ? `t.value AS ${dimensions[name].column}` : keyOf(name),
  )
  const columns = wanted.flatMap((name) => measures[name].columns.map((column) => `t.${column}`))
  const conditions =
    facet === undefined ? logConditions : { ...logConditions, [facet]: `t.value IN {${facet}:Array(String)}` }
  const times = slices.flatMap((slice, index) => (slice.table === table ? withinSlice(slice, index) : []))
  return `  SELECT ${[`toUnixTimestamp(t.${table.time}) AS seconds`, ...groups, ...new Set(columns)].join(', ')}
  FROM ${table.name} AS t
  WHERE ${facet === undefined ? '' : `t.facet = '${facet}' AND `}(${times.join(' OR ')})${andGiven(conditions, given)}`
}

/** The bounds of a slice, as `boundsOf` gives them. */
function withinSlice({ table }: Slice, index: number): string {
  const bound = (at: number): string =>
    `toDateTime(arrayElement({bounds:Array(UInt32)}, ${2 * index + at}), 'UTC')`
  return `t.${table.time} >= ${bound(1)} AND t.${table.time} < ${bound(2)}`
}
