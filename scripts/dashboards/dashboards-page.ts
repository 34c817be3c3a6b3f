import { join } from 'node:path'

/** The page about the dashboards. */
export const dashboardsPage = join(import.meta.dirname, '../../../docs/dashboards.md')
