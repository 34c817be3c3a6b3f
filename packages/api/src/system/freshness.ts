import { z } from '@hono/zod-openapi'
import type { NamedQuery } from '../query/named-query.js'

const row = z.object({ newest_received: z.string().nullable() })

/** When the queue took the newest chunk that is stored; NULL when none is. */
export const freshness: NamedQuery<Record<string, never>, z.infer<typeof row>> = {
  name: 'freshness',
  parameters: z.record(z.string(), z.never()),
  row,
  sql: () => 'SELECT if(count() = 0, NULL, max(b.received_at)) AS newest_received FROM batches AS b',
}
