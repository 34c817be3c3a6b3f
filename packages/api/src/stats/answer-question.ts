import type { Context } from 'hono'
import { demand } from '../access/needs.js'
import { runOf, type ApiEnv, type ApiParts } from '../api.js'
import { checkBounds } from '../parameters/log-filters.js'
import { minuteSeconds } from '../parameters/step.js'
import { resolveRange } from '../parameters/time.js'
import { runQuery, type NamedQuery } from '../query/named-query.js'
import { storedFilters } from '../logs/stored-filters.js'
import { personalDimensions, type DimensionName } from './dimensions.js'
import { measureNames, type MeasureName } from './measures.js'
import { planFor, tablesOf, type Question } from './plan.js'
import type { StatsGiven } from './stats-parameters.js'
import { boundsOf, statsQuery, type StatsOrder, type StatsParameters, type StatsRow } from './stats-query.js'

/** What a route asks beside the parameters that all statistics have. */
export interface Asked {
  groupBy: readonly DimensionName[]
  measures: readonly MeasureName[]
  /** Undefined when all of the range is one row. */
  stepSeconds: number | undefined
  order: StatsOrder
  /** Rows of the answer at the most. */
  rowsMax: number
}

/** A question that can be asked. */
export interface Prepared {
  question: Question
  /** What is read for it. */
  tables: string[]
  query: NamedQuery<StatsParameters, StatsRow>
  values: StatsParameters
}

/** The rows that answer a question. */
export interface Answered extends Prepared {
  rows: StatsRow[]
}

/** Plans a question. @throws {Problem} when the key of the request may not look for people. */
export function prepareQuestion(
  parts: ApiParts,
  context: Context<ApiEnv>,
  given: StatsGiven,
  asked: Asked,
): Prepared {
  const { from, to, measures: _, ...filters } = given
  const people = filters.user ?? filters.ip ?? asked.groupBy.find((name) => personalDimensions.has(name))
  if (people !== undefined) demand(context, 'personal')
  checkBounds(filters)
  const range = resolveRange({ from, to }, parts.nowMs(), 0)
  const conditions = storedFilters(filters, parts.protection)
  const question: Question = {
    fromSeconds: Math.floor(range.fromMicros / 60e6) * minuteSeconds,
    toSeconds: Math.ceil(range.toMicros / 60e6) * minuteSeconds,
    stepSeconds: asked.stepSeconds,
    groupBy: [...new Set(asked.groupBy)],
    measures: [...new Set(asked.measures)],
    filters: Object.entries(conditions).flatMap(([name, value]) => (value === undefined ? [] : name)),
  }
  const plan = planFor(question)
  const values: StatsParameters = {
    ...conditions,
    from_seconds: question.fromSeconds,
    to_seconds: question.toSeconds,
    bounds: boundsOf(plan),
    step_seconds: asked.stepSeconds,
    rows_max: asked.rowsMax,
  }
  return { question, tables: tablesOf(plan), query: statsQuery(question, plan, asked.order), values }
}

/** Asks a question. @throws {QueryFailure} */
export async function answerQuestion(
  parts: ApiParts,
  context: Context<ApiEnv>,
  prepared: Prepared,
): Promise<Answered> {
  return { ...prepared, rows: await runQuery(prepared.query, prepared.values, runOf(parts, context)) }
}

/** The measures that were asked for; all, where none was. */
export function measuresOf({ measures }: StatsGiven): readonly MeasureName[] {
  return measures ?? measureNames
}

/** A row without its time, where all of the range is one row. */
export function withoutTime(row: StatsRow): Omit<StatsRow, 'time_seconds'> {
  const { time_seconds: _, ...values } = row
  return values
}

/** A time as the answers show it. @param seconds since 1970. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/** What an answer says beside its data. */
export function envelopeOf({ question, tables }: Prepared) {
  return { from: isoOf(question.fromSeconds), to: isoOf(question.toSeconds), tables }
}
