import type { Context } from 'hono'
import { hiddenDimensions } from '../access/free-text.js'
import { demand } from '../access/needs.js'
import { sightOf } from '../access/sight.js'
import { runOf, type ApiEnv, type ApiParts } from '../api.js'
import { checkBounds } from '../parameters/log-filters.js'
import { envelopeOf as rangeEnvelopeOf } from '../parameters/minute-range.js'
import { minuteSeconds } from '../parameters/step.js'
import { resolveRange } from '../parameters/time.js'
import { runQuery, type NamedQuery } from '../query/named-query.js'
import { storedFilters } from '../logs/stored-filters.js'
import type { DimensionName } from './dimensions.js'
import { measureNames, type MeasureName } from './measures.js'
import { notKept } from './history.js'
import { planFor, tablesOf, type Plan, type Question } from './plan.js'
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

/**
 * Plans a question.
 *
 * @throws {Problem} when the key of the request may not look for people, or what the range begins with is not kept.
 */
export async function prepareQuestion(
  parts: ApiParts,
  context: Context<ApiEnv>,
  given: StatsGiven,
  asked: Asked,
): Promise<Prepared> {
  const { from, to, measures: _, ...filters } = given
  const sight = sightOf(context, parts)
  const hidden = hiddenDimensions[sight]
  const people = filters.user ?? filters.ip ?? asked.groupBy.find((name) => hidden.has(name))
  if (people !== undefined) demand(context, 'personal')
  checkBounds(filters)
  const range = resolveRange({ from, to }, parts.nowMs(), 0)
  const conditions = storedFilters(filters, parts.protection)
  // Whole steps: of a step that is counted in part, nobody would know.
  const grainSeconds = asked.stepSeconds ?? minuteSeconds
  const minutesFrom = await parts.history.minutesFromSeconds(runOf(parts, context))
  const wanted: Question = {
    fromSeconds: Math.floor(range.fromMicros / (grainSeconds * 1e6)) * grainSeconds,
    toSeconds: Math.ceil(range.toMicros / (grainSeconds * 1e6)) * grainSeconds,
    stepSeconds: asked.stepSeconds,
    groupBy: [...new Set(asked.groupBy)],
    measures: [...new Set(asked.measures)],
    filters: Object.entries(conditions).flatMap(([name, value]) => (value === undefined ? [] : name)),
  }
  const { question, plan } = planWithin(wanted, minutesFrom)
  const values: StatsParameters = {
    ...conditions,
    from_seconds: question.fromSeconds,
    to_seconds: question.toSeconds,
    bounds: boundsOf(plan),
    step_seconds: asked.stepSeconds,
    rows_max: asked.rowsMax,
  }
  return { question, tables: tablesOf(plan), query: statsQuery(question, plan, asked.order, sight), values }
}

/** A plan that reads no minutes before they are kept; hours are, so that ends which are no whole hours are brought to them. */
function planWithin(wanted: Question, minutesFromSeconds: number): { question: Question; plan: Plan } {
  const plan = planFor(wanted)
  if (isKept(wanted, plan, minutesFromSeconds)) return { question: wanted, plan }
  const toHour = (seconds: number, round: (hours: number) => number): number =>
    seconds < minutesFromSeconds ? round(seconds / 3600) * 3600 : seconds
  const question = {
    ...wanted,
    fromSeconds: toHour(wanted.fromSeconds, Math.floor),
    toSeconds: toHour(wanted.toSeconds, Math.ceil),
  }
  const hourly = planFor(question)
  if (isKept(question, hourly, minutesFromSeconds)) return { question, plan: hourly }
  throw notKept(minutesFromSeconds, advice)
}

const advice =
  '; further back there are hours only: take a step of whole hours, and split or filter by service, endpoint, method, status ' +
  'and action, or by one of server, protocol, device, browser, os and referrer without users and sessions'

/** Whether everything that a plan reads is kept. */
function isKept({ fromSeconds }: Question, plan: Plan, minutesFromSeconds: number): boolean {
  if (plan.kind === 'events') return fromSeconds >= minutesFromSeconds
  return plan.slices.every(
    (slice) => slice.table.grainSeconds > minuteSeconds || slice.fromSeconds >= minutesFromSeconds,
  )
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

/** What an answer says beside its data. */
export function envelopeOf({ question, tables }: Prepared) {
  return rangeEnvelopeOf(question, ...tables)
}
