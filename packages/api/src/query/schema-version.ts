import { z } from '@hono/zod-openapi'
import type { NamedQuery } from './named-query.js'

/** The newest migration that the database has had. */
export const schemaVersion: NamedQuery<Record<string, never>, { version: number }> = {
  name: 'schema_version',
  parameters: z.record(z.string(), z.never()),
  row: z.object({ version: z.int() }),
  sql: () => 'SELECT max(version) AS version FROM migrations',
}
