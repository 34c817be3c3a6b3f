import { writeFileSync } from 'node:fs'
import { readOptions, runCommand } from '@pulsehouse/platform'
import { schemaTypes, schemaTypesPath } from './client/schema-types.js'

const command = {
  usage: 'npm run client',
  summary: 'Writes the types of the TypeScript client from the routes of the API.',
  options: {},
}

await runCommand(async () => {
  readOptions(command, process.argv.slice(2), process.env)
  writeFileSync(schemaTypesPath, await schemaTypes())
  process.stdout.write(`Wrote ${schemaTypesPath}\n`)
  return 0
})
