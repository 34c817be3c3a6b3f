import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { bundle } from '@pulsehouse/superset'
import { assetsFolder } from '../superset/server-folder.js'
import type { Check } from './check.js'

/** What Superset imports is what its TypeScript source gives. */
export const dashboardsCheck: Check = {
  name: 'dashboards',
  run: async () => {
    const wanted = new Map(bundle().map(({ path, text }) => [path, text]))
    const stands = new Map(assets().map((path) => [path, readFileSync(join(assetsFolder, path), 'utf8')]))
    const wrong = [...new Set([...wanted.keys(), ...stands.keys()])].filter(
      (path) => wanted.get(path) !== stands.get(path),
    )
    return Promise.resolve(
      wrong.map((path) => `superset/assets/${path} is out of date: npm run dashboards`).slice(0, 5),
    )
  },
}

function assets(): string[] {
  return readdirSync(assetsFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(assetsFolder, join(entry.parentPath, entry.name)))
}
