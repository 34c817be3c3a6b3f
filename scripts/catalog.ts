import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '@pulsehouse/platform'
import { catalogMarkdown } from './catalog-markdown.js'

/** Where the generated catalog stands. */
const catalogPath = join(import.meta.dirname, '../../docs/data-catalog.md')

await runCommand(async () => {
  writeFileSync(catalogPath, catalogMarkdown())
  process.stdout.write(`Wrote ${catalogPath}\n`)
  return Promise.resolve(0)
})
