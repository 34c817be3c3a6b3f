import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { bundle, dashboardsMarkdown } from '@pulsehouse/superset'
import { dashboardsPage } from '../dashboards/dashboards-page.js'
import { assetsFolder } from '../superset/server-folder.js'
import type { Check } from './check.js'

/** So many files are named: when one colour changes, all of them differ. */
const faultsMax = 5

/** What Superset imports is what its TypeScript source gives. */
export const dashboardsCheck: Check = {
  name: 'dashboards',
  run: async () => {
    const wanted = new Map(bundle().map(({ path, text }) => [path, text]))
    const stands = new Map(assets().map((path) => [path, readFileSync(join(assetsFolder, path), 'utf8')]))
    const wrong = [...new Set([...wanted.keys(), ...stands.keys()])].filter(
      (path) => wanted.get(path) !== stands.get(path),
    )
    const page = existsSync(dashboardsPage) ? readFileSync(dashboardsPage, 'utf8') : ''
    const faults = [
      ...wrong.map((path) => `superset/assets/${path}`).slice(0, faultsMax),
      ...(page === dashboardsMarkdown() ? [] : ['docs/dashboards.md']),
    ]
    return Promise.resolve(faults.map((path) => `${path} is out of date: npm run dashboards`))
  },
}

function assets(): string[] {
  return readdirSync(assetsFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(assetsFolder, join(entry.parentPath, entry.name)))
}
