import { join } from 'node:path'
import type { Api, ApiParts } from '../api.js'
import { addStaticFile } from '../http/static-file.js'

/** The pages are served as they were written; compiled code finds them beside its sources too. */
const folder = join(import.meta.dirname, '../../src/pages')

const files = {
  'icon.svg': 'svg',
  'start.css': 'css',
  'start.js': 'js',
  'chart.js': 'js',
  'incidents.js': 'js',
  'key.js': 'js',
  'docs.css': 'css',
  'docs.js': 'js',
} as const

/** `GET /`: the start page; and the files of the pages. They need no key: whoever opens them brings one. */
export function addPages(app: Api, { supersetUrl }: Pick<ApiParts, 'supersetUrl'>): void {
  const links = supersetUrl === undefined ? '' : `<a href="${escaped(supersetUrl)}">Superset</a>`
  addStaticFile(app, '/', {
    path: join(folder, 'start.html'),
    type: 'html',
    complete: (text) => text.replace('<!-- links -->', () => links),
  })
  addStaticFile(app, '/docs', { path: join(folder, 'docs.html'), type: 'html' })
  for (const [name, type] of Object.entries(files)) {
    addStaticFile(app, `/pages/${name}`, { path: join(folder, name), type })
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
