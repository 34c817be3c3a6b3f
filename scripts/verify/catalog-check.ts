import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogMarkdown } from '../catalog-markdown.js'
import type { Check } from './check.js'

const path = join(import.meta.dirname, '../../../docs/data-catalog.md')

/** The catalog in the documents is the one that the schema gives. */
export const catalogCheck: Check = {
  name: 'data catalog',
  run: async () => {
    const stands = existsSync(path) ? readFileSync(path, 'utf8') : ''
    return Promise.resolve(
      stands === catalogMarkdown() ? [] : ['docs/data-catalog.md is out of date: npm run catalog'],
    )
  },
}
