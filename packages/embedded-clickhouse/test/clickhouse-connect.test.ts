import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StartedClickhouse } from '../src/index.js'
import { installDriver } from './clickhouse-connect/install.js'
import { startServer, temporaryFolder } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse
let packages: string

/** The first run on a machine fetches the driver, milliseconds. */
const setUpTimeoutMs = 180_000

/** Less than a test may take, so that no process is left behind, milliseconds. */
const moduleTimeoutMs = 55_000

beforeAll(async () => {
  packages = await installDriver()
  server = await startServer(folder.path)
}, setUpTimeoutMs)
afterAll(async () => {
  await server?.close()
  folder.remove()
})

/** Runs a module of Python tests to its end; what unittest says comes on standard error. */
async function unittest(module: string): Promise<string> {
  const options = {
    cwd: join(import.meta.dirname, 'clickhouse-connect'),
    env: {
      ...process.env,
      CLICKHOUSE_PORT: String(server.port),
      PYTHONPATH: packages,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    maxBuffer: 64 * 1024 * 1024,
    timeout: moduleTimeoutMs,
  }
  // Without `site`, so that nothing that the machine has installed is taken for what is pinned.
  return await new Promise((resolve) =>
    execFile('python3', ['-s', '-S', '-m', 'unittest', module], options, (error, stdout, stderr) =>
      resolve(`${stdout}${stderr}${error?.killed === true ? '\nIt took too long.' : ''}`),
    ),
  )
}

describe('clickhouse-connect, the driver of Superset', () => {
  test.each(['queries', 'parameters', 'inserts', 'streams', 'failures', 'sessions', 'cursors', 'superset'])(
    '%s',
    async (module) => {
      expect(await unittest(module)).toMatch(/^Ran [1-9]\d* tests? in .*\n\nOK\n$/m)
    },
  )
})
