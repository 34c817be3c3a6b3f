import { existsSync, readFileSync } from 'node:fs'
import { schemaTypes, schemaTypesPath } from '../client/schema-types.js'
import type { Check } from './check.js'

/** The client's types are the ones that the routes give. */
export const clientCheck: Check = {
  name: 'client',
  run: async () => {
    const stands = existsSync(schemaTypesPath) ? readFileSync(schemaTypesPath, 'utf8') : ''
    return stands === (await schemaTypes())
      ? []
      : ['packages/client/src/schema.ts is out of date: npm run client']
  },
}
