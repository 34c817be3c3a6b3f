import { z } from '@hono/zod-openapi'
import { sights } from '../access/sight.js'
import type { NamedQuery } from '../query/named-query.js'
import { sessionSchema, sessionSelection, type Session } from './session-selection.js'

const parameters = z.strictObject({ id: z.string(), sight: z.enum(sights) })

/** A session by its id, from everything that is kept of it. */
export const sessionById: NamedQuery<z.infer<typeof parameters>, Session> = {
  name: 'session_by_id',
  parameters,
  row: sessionSchema,
  sql: ({ sight }) => `SELECT
  ${sessionSelection(sight)}
FROM sessions AS s
WHERE s.session_id = {id:String}
GROUP BY s.session_id`,
}
