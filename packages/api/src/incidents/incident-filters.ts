import { z } from '@hono/zod-openapi'
import { choiceList, textList } from '../parameters/lists.js'
import { describe, givenText, wholeNumber } from '../parameters/text.js'
import { moment } from '../parameters/time.js'
import { severities, severitiesByDefault, statuses } from './severities.js'

/** Filters that incidents and findings share with the live stream. */
export const subjectFilters = {
  severity: choiceList(severities, {
    description: `Severities, separated by commas; without it ${severitiesByDefault.join(' and ')}.`,
    example: 'info,warning,critical',
  }),
  kind: textList({
    description: 'Kinds of findings, separated by commas.',
    example: 'error_burst,traffic_drop',
  }),
  service: textList({ description: 'Services, separated by commas.', example: 'checkout,catalog' }),
}

/** What the lists of incidents and of findings take, whatever else they filter by. */
export const listParameters = {
  from: moment({
    description: 'Start of the time range: what ended before it is left out, what goes on is not',
    example: '-24h',
    fallback: 'a day before its end',
  }),
  to: moment({
    description: 'End of the time range: what began then or later is left out',
    example: 'now',
    fallback: 'now',
  }),
  status: givenText
    .pipe(z.enum(statuses, { error: `takes only ${statuses.join(', ')}` }))
    .optional()
    .openapi({
      type: 'string',
      enum: [...statuses],
      description: describe({ description: 'Whether it goes on.', example: 'open' }),
    }),
  ...subjectFilters,
  limit: wholeNumber({ description: 'Rows of a page at the most.', min: 1, max: 1_000, fallback: 100 }),
  cursor: givenText.optional().openapi({
    description:
      '`next_cursor` of the page before. It stands for the time range of the first page; the filters must be the same. ' +
      'For example `AQ7J`.',
  }),
}

/** What the conditions of both lists take; one that is absent does not filter. */
export const listConditionParameters = {
  from_micros: z.int(),
  to_micros: z.int(),
  status: z.enum(statuses).optional(),
  severity: z.array(z.enum(severities)),
  kind: z.array(z.string()).optional(),
  service: z.array(z.string()).optional(),
  after_micros: z.int().optional(),
  /** A number of 64 bits, in digits. */
  after_tie: z.string().optional(),
  /** Absent when all of them are wanted. */
  limit: z.int().optional(),
}
