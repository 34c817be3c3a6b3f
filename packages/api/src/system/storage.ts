import { z } from '@hono/zod-openapi'
import type { NamedQuery } from '../query/named-query.js'

/** What a table holds, as the API shows it. */
export const storageSchema = z
  .object({
    table: z.string().openapi({ example: 'logs' }),
    rows: z.int(),
    bytes: z.int().openapi({ description: 'On the disk.' }),
    parts: z.int().openapi({ description: 'Pieces that are not merged yet; many make queries slow.' }),
  })
  .openapi('TableStorage')

/** What the tables hold, the largest first. A table without rows is not among them. */
export const storage: NamedQuery<Record<string, never>, z.infer<typeof storageSchema>> = {
  name: 'storage',
  parameters: z.record(z.string(), z.never()),
  row: storageSchema,
  sql: () => `SELECT
  p.table AS table,
  sum(p.rows) AS rows,
  sum(p.bytes_on_disk) AS bytes,
  count() AS parts
FROM system.parts AS p
WHERE p.active
  AND p.database = currentDatabase()
GROUP BY p.table
ORDER BY bytes DESC, p.table`,
}
