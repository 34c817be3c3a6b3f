import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readOptions, runCommand } from '@pulsehouse/platform'
import { catalogMarkdown } from './catalog-markdown.js'

/** Where the generated catalog stands. */
const catalogPath = join(import.meta.dirname, '../../docs/data-catalog.md')

const command = {
  usage: 'npm run catalog',
  summary: 'Writes docs/data-catalog.md from the schema of the event.',
  options: {},
}

await runCommand(async () => {
  readOptions(command, process.argv.slice(2), process.env)
  writeFileSync(catalogPath, catalogMarkdown())
  process.stdout.write(`Wrote ${catalogPath}\n`)
  return Promise.resolve(0)
})
