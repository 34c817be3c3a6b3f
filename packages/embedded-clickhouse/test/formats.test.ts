import { afterAll, beforeAll, expect, test } from 'vitest'
import { contentTypeOf } from '../src/http/formats.js'
import type { StartedClickhouse } from '../src/index.js'
import { send, startServer, temporaryFolder } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse
beforeAll(async () => {
  server = await startServer(folder.path)
})
afterAll(async () => {
  await server?.close()
  folder.remove()
})

test('every output format has the content type that the engine knows for it', async () => {
  const sql = 'SELECT name, content_type FROM system.formats WHERE is_output ORDER BY name FORMAT JSONCompact'
  const { data } = JSON.parse((await send(server, sql)).text) as { data: [string, string][] }
  expect(data.length).toBeGreaterThan(80)
  expect(data.map(([name]) => [name, contentTypeOf(name)])).toEqual(data)
})
