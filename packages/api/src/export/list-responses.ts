import { z } from '@hono/zod-openapi'
import { problemResponses } from '../http/problem.js'
import { exportContent } from './formats.js'

/**
 * What a route answers that gives a list page by page, or whole as a file.
 *
 * @param what the rows are, in the plural.
 * @param table that is read, as an example.
 */
export function listResponses<Row extends z.ZodType>(row: Row, what: string, table: string) {
  return {
    200: {
      description: `A page of ${what}. \`next_cursor\` is null on the last one.`,
      content: {
        'application/json': {
          schema: z.object({
            data: z.array(row),
            next_cursor: z.string().nullable(),
            tables: z.array(z.string()).openapi({ description: 'What was read.', example: [table] }),
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
  }
}
