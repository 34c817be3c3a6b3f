import { join } from 'node:path'

/** What is written for Superset's Python: its configuration, the importer, the requirements. */
export const serverFolder = join(import.meta.dirname, '../../../superset/server')

/** The dashboards as Superset imports them. */
export const assetsFolder = join(import.meta.dirname, '../../../superset/assets')
