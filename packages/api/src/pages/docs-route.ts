import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Api } from '../api.js'
import { addStaticFile } from '../http/static-file.js'

/** The files of Swagger UI that the documentation's page needs; no other is served. */
const files = { 'swagger-ui.css': 'css', 'swagger-ui-bundle.js': 'js' } as const

const require = createRequire(import.meta.url)
const folder = dirname(require.resolve('swagger-ui-dist/package.json'))

/** Swagger UI from our own files: the documentation needs no internet. */
export function addDocs(app: Api): void {
  for (const [name, type] of Object.entries(files)) {
    addStaticFile(app, `/docs/${name}`, { path: join(folder, name), type })
  }
}
