import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { integer, option, readOptions, runCommand } from '@pulsehouse/platform'

const root = join(import.meta.dirname, '../..')

const command = {
  usage: 'npm run fuzz -- [options]',
  summary:
    'Sends requests that are drawn from the OpenAPI document to an API over real servers of its own; no answer may be a ' +
    'failure, and each must be as documented.',
  options: {
    requests: option({
      flag: 'requests',
      value: 'N',
      help: 'How many requests (default 10000)',
      schema: integer(1, 1_000_000, 10_000),
    }),
    seed: option({
      flag: 'seed',
      value: 'N',
      help: 'The same seed draws the same requests (default 1)',
      schema: integer(0, 2 ** 32 - 1, 1),
    }),
  },
}

/** The run is a test, with the servers that tests start; this gives it its size. */
await runCommand(async () => {
  const { values } = readOptions(command, process.argv.slice(2), process.env)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', 'tests/fuzz.test.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PULSEHOUSE_FUZZ_REQUESTS: String(values.requests),
      PULSEHOUSE_FUZZ_SEED: String(values.seed),
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
})
