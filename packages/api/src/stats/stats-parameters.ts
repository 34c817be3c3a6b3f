import { z } from '@hono/zod-openapi'
import { choiceList } from '../parameters/lists.js'
import { logFilters } from '../parameters/log-filters.js'
import { moment } from '../parameters/time.js'
import { measureNames } from './measures.js'

/** Parameters that all statistics take. */
export const statsParameters = {
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
  measures: choiceList(measureNames, {
    description: 'What is measured, separated by commas. Without it: everything.',
    example: 'events,error_ratio,response_time_p95',
  }),
  ...logFilters,
}

const schema = z.object(statsParameters)

/** What all statistics take, as it was given. */
export type StatsGiven = z.output<typeof schema>

const time = z.string().openapi({ example: '2026-03-01T12:00:00Z' })

/** What every answer says beside its data. */
export const statsEnvelope = {
  from: time.openapi({ description: 'Start that was used, included.' }),
  to: time.openapi({ description: 'End that was used, not included.' }),
  tables: z.array(z.string()).openapi({
    description:
      'What was read: the coarsest rollup that answers the question exactly, for ends that are no whole hours also the ' +
      'finer one, or `logs`, the events themselves, which takes longer.',
    example: ['stats_by_hour', 'stats_by_minute'],
  }),
}
