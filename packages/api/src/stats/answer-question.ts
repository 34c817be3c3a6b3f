import type { Context } from 'hono'
import { demand } from '../access/needs.js'
import { runOf, type ApiEnv, type ApiParts } from '../api.js'
import { checkBounds } from '../parameters/log-filters.js'
import { minuteSeconds } from '../parameters/step.js'
import { resolveRange } from '../parameters/time.js'
import { runQuery } from '../queries/named-query.js'
import { storedFilters } from '../queries/stored-filters.js'
import { personalDimensions, type DimensionName } from './dimensions.js'
import { measureNames, type MeasureName } from './measures.js'
import { planFor, tablesOf, type Question } from './plan.js'
import type { StatsGiven } from './stats-parameters.js'
import { boundsOf, statsQuery, type StatsOrder, type StatsRow } from './stats-query.js'

/** What a route asks beside the parameters that all statistics have. */
export interface Asked {
  groupBy: readonly DimensionName[]
  measures: readonly MeasureName[]
  /** Undefined when all of the range is one row. */
  stepSeconds: number | undefined
  order: StatsOrder
  rowsMax: number
}

/** The rows that answer a question, and what was read for them. */
export interface Answered {
  rows: StatsRow[]
  question: Question
  tables: string[]
}

/** Plans a question and asks it. @throws {Problem} when the key of the request may not look for people. */
export async function answerQuestion(
  parts: ApiParts,
  context: Context<ApiEnv>,
  given: StatsGiven,
  asked: Asked,
): Promise<Answered> {
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
  const rows = await runQuery(
    statsQuery(question, plan, asked.order),
    {
      ...conditions,
      from_seconds: question.fromSeconds,
      to_seconds: question.toSeconds,
      bounds: boundsOf(plan),
      step_seconds: asked.stepSeconds,
      rows_max: asked.rowsMax,
    },
    runOf(parts, context),
  )
  return { rows, question, tables: tablesOf(plan) }
}

/** The measures that were asked for; all, where none was. */
export function measuresOf({ measures }: StatsGiven): readonly MeasureName[] {
  return measures ?? measureNames
}

/** A time as the answers show it. @param seconds since 1970. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

/** What an answer says beside its data. */
export function envelopeOf({ question, tables }: Answered) {
  return { from: isoOf(question.fromSeconds), to: isoOf(question.toSeconds), tables }
}
