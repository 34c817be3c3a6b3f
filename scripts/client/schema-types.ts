import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describeApi } from '@pulsehouse/api'

const clientPackage = join(import.meta.dirname, '../../../packages/client/package.json')

/** Where the client's types stand. */
export const schemaTypesPath = join(dirname(clientPackage), 'src/schema.ts')

/** Types of everything that the OpenAPI document describes, as TypeScript. @throws when they can't be made. */
export async function schemaTypes(): Promise<string> {
  // It needs a TypeScript of its own, which is why it stands in the client's folder.
  const folder = dirname(createRequire(clientPackage).resolve('openapi-typescript/package.json'))
  const child = spawn(process.execPath, [join(folder, 'bin/cli.js')], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(JSON.stringify(await describeApi()))
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  const [types, complaints, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0 || types === '') throw new Error(`openapi-typescript failed: ${complaints}`)
  return types
}
