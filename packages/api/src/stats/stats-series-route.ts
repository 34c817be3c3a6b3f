import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { choiceList } from '../parameters/lists.js'
import { minuteSeconds, step } from '../parameters/step.js'
import { choice } from '../parameters/text.js'
import { Problem, problemResponses } from '../http/problem.js'
import { answerQuestion, envelopeOf, measuresOf, prepareQuestion, type Answered } from './answer-question.js'
import { exportContent } from '../export/formats.js'
import { exportSeriesIfAsked } from './export-series.js'
import { exportLimits } from '../export/limits.js'
import { dimensionNames, type DimensionName } from './dimensions.js'
import { emptyOf, type MeasureName } from './measures.js'
import { seriesRowSchema } from './stats-row.js'
import { statsEnvelope, statsParameters } from './stats-parameters.js'
import type { StatsRow } from './stats-query.js'
import type { FirstTimes } from './history.js'
import { fillSteps, rowsMax, shownSteps, stepGroupsOf, stepsOf } from './steps.js'

const query = z.strictObject({
  ...statsParameters,
  step,
  group_by: choiceList(dimensionNames, {
    description:
      'What rows are split by, beside the time; separated by commas. By `user` and `ip` only with a key of the role `personal`.',
    example: 'service,endpoint',
  }),
  fill: choice(['zero', 'none'], {
    description: 'Whether a step in which a group had nothing has a row.',
    fallback: 'zero',
  }),
})

const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/stats/series',
  tags: ['Statistics'],
  summary: 'Counts, errors, latency, users and sessions over time',
  description:
    'One row for each step of time, and for each group where rows are split. A step in which nothing happened has a row ' +
    'with zeros, and null for what can’t be known of nothing; time before the first event that is kept and time to come ' +
    'have no rows. Answered from rollups that are kept as events arrive, wherever one has what is asked for: `tables` ' +
    `says which. At the most ${rowsMax} rows: what would be more is an error, never cut. As a file (\`Accept\`) it has only steps with events, and no such limit.`,
  request: { query },
  responses: {
    200: {
      description: 'Rows in the order of time and groups, and the range that was really used.',
      content: {
        'application/json': {
          schema: z.object({
            data: z.array(seriesRowSchema),
            ...statsEnvelope,
            step_seconds: z.int(),
          }),
        },
        ...exportContent,
      },
    },
    ...problemResponses(
      'bad-parameters',
      'too-many-rows',
      'forbidden',
      'not-acceptable',
      'unavailable',
      'time-limit',
    ),
  },
})

/** `GET /v1/stats/series` */
export function addStatsSeries(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const { step: stepSeconds, group_by: groupBy = [], fill, ...given } = context.req.valid('query')
    const measures = measuresOf(given)
    const asked = { groupBy, measures, stepSeconds, order: 'time', rowsMax: rowsMax + 1 } as const
    const prepared = await prepareQuestion(parts, context, given, asked)
    const { query: asFile, values } = prepared
    // Only an answer that is held in memory has so few rows.
    const whole = { ...values, rows_max: exportLimits.rows + 1 }
    const file = { what: 'series', query: asFile, given: whole, stepSeconds }
    const exported = await exportSeriesIfAsked(parts, context, file)
    if (exported !== undefined) return exported
    const [answered, first] = await Promise.all([
      answerQuestion(parts, context, prepared),
      fill === 'none'
        ? undefined
        : parts.history.firstTimes(runOf(parts, context), prepared.question.fromSeconds),
    ])
    if (answered.rows.length > rowsMax) throw tooManyRows()
    const { question } = answered
    const nowSeconds = parts.nowMs() / 1000
    const rows = first === undefined ? answered.rows : withZeros(answered, measures, first, nowSeconds)
    const data = shownSteps(rows, { stepSeconds, toSeconds: question.toSeconds, nowSeconds })
    return context.json({ data, ...envelopeOf(answered), step_seconds: stepSeconds }, 200)
  })
}

/** @param first the time of the first events that are known; before it there are no zeros. */
function withZeros(
  { rows, question, tables }: Answered,
  measures: readonly MeasureName[],
  first: FirstTimes,
  nowSeconds: number,
): StatsRow[] {
  const { groupBy, stepSeconds = minuteSeconds, toSeconds } = question
  const known = tables.some((table) => table.endsWith('_by_hour')) ? first.hour : first.minute
  const fromSeconds = Math.max(question.fromSeconds, known)
  const steps = stepsOf({ fromSeconds, toSeconds }, stepSeconds, nowSeconds)
  const groups = stepGroupsOf(rows, groupBy.length === 0 ? undefined : (row) => groupOf(row, groupBy))
  if (steps.length * groups.size > rowsMax) throw tooManyRows()
  const nothing = Object.fromEntries(measures.map((name) => [name, emptyOf(name)]))
  const emptyRow = (time_seconds: number, of: StatsRow | undefined): StatsRow => ({
    ...of,
    ...nothing,
    time_seconds,
  })
  return fillSteps(rows, steps, groups, emptyRow)
}

/** What tells the group of a row apart; JSON only where there are several names, because it takes long. */
function groupOf(row: StatsRow, groupBy: readonly DimensionName[]): string {
  const [only, ...others] = groupBy.map((name) => row[name] ?? '')
  return others.length === 0 ? String(only) : JSON.stringify([only, ...others])
}

function tooManyRows(): Problem {
  const message = `makes more than ${rowsMax} rows of this range and these groups: take a longer one`
  return new Problem(
    'too-many-rows',
    `The answer would have more than ${rowsMax} rows: take a longer step, a later from, an earlier to, fewer names in group_by or more filters, or leave empty steps out with fill=none.`,
    { extra: { errors: [{ parameter: 'step', message }] } },
  )
}
