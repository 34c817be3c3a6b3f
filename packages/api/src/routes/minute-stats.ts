import { createRoute, z } from '@hono/zod-openapi'
import { needs } from '../access/needs.js'
import { runOf, type Api, type ApiParts } from '../api.js'
import { choiceList, statusCodesOf } from '../parameters/lists.js'
import { sharedParameters } from '../parameters/shared.js'
import { minuteSeconds, step } from '../parameters/step.js'
import { moment, resolveRange } from '../parameters/time.js'
import { Problem, problemResponses } from '../problem.js'
import { groupNames, measureNames, minuteStats, type MinuteStatsRow } from '../queries/minute-stats.js'
import { runQuery } from '../queries/named-query.js'
import { statsRowSchema } from '../stats-row.js'

/** Rows of one answer at the most. */
const rowsMax = 10_000

const query = z.strictObject({
  from: moment({
    description: 'Start of the time range, brought back to the whole minute',
    example: '-1h',
    fallback: 'a day before its end',
  }),
  to: moment({
    description: 'End of the time range, brought forward to the whole minute, not included',
    example: 'now',
    fallback: 'now, with the minute that is still filling',
  }),
  step,
  group_by: choiceList(groupNames, {
    description: 'What rows are split by, beside the time; separated by commas.',
    example: 'service,endpoint',
  }),
  measures: choiceList(measureNames, {
    description: 'What is measured, separated by commas. Without it: everything.',
    example: 'events,error_ratio,response_time_p95',
  }),
  ...sharedParameters,
})

const time = z.string().openapi({ example: '2026-03-01T12:00:00Z' })
const route = createRoute({
  ...needs('read'),
  method: 'get',
  path: '/v1/stats/minutes',
  tags: ['Statistics'],
  summary: 'Counts, errors, latency, users and sessions over time',
  description:
    'Statistics that are kept by the minute as events arrive, so that the answer does not depend on how many there were. ' +
    'Time in which nothing happened has no row. Percentiles are within 1 % and users and sessions are estimates above ' +
    `some ten thousand. At the most ${rowsMax} rows: what would be more is an error, never cut.`,
  request: { query },
  responses: {
    200: {
      description: 'Rows in the order of time and groups, and the range that was really used.',
      content: {
        'application/json': {
          schema: z.object({
            data: z.array(statsRowSchema),
            from: time.openapi({ description: 'Start that was used, included.' }),
            to: time.openapi({ description: 'End that was used, not included.' }),
            step_seconds: z.int(),
          }),
        },
      },
    },
    ...problemResponses('bad-parameters', 'too-many-rows', 'unavailable', 'time-limit'),
  },
})

/** `GET /v1/stats/minutes` */
export function addMinuteStats(app: Api, parts: ApiParts): void {
  app.openapi(route, async (context) => {
    const given = context.req.valid('query')
    const { from, to, step: stepSeconds, group_by, measures, ...filters } = given
    const range = resolveRange({ from, to }, parts.nowMs(), 0)
    const fromSeconds = Math.floor(range.fromMicros / 60e6) * minuteSeconds
    const toSeconds = Math.ceil(range.toMicros / 60e6) * minuteSeconds
    const rows = await runQuery(
      minuteStats,
      {
        ...filters,
        status: filters.status?.flatMap(statusCodesOf),
        group_by: [...new Set(group_by)],
        measures: [...new Set(measures ?? measureNames)],
        from_seconds: fromSeconds,
        to_seconds: toSeconds,
        step_seconds: stepSeconds,
        rows_max: rowsMax + 1,
      },
      runOf(parts, context),
    )
    if (rows.length > rowsMax) throw tooManyRows()
    const shown = (row: MinuteStatsRow) => {
      const { time_seconds: start, ...rest } = row
      const endSeconds = Math.min(start + stepSeconds, toSeconds)
      return { time: isoOf(start), running: endSeconds * 1000 > parts.nowMs(), ...rest }
    }
    return context.json(
      { data: rows.map(shown), from: isoOf(fromSeconds), to: isoOf(toSeconds), step_seconds: stepSeconds },
      200,
    )
  })
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}

function tooManyRows(): Problem {
  return new Problem(
    'too-many-rows',
    `The answer would have more than ${rowsMax} rows: narrow the time range or the filters, take a longer step, or group by less.`,
  )
}
