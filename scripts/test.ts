import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { runCommand } from '@pulsehouse/platform'
import { findNatsServer } from './nats/find-nats-server.js'

const root = join(import.meta.dirname, '../..')

/** Runs vitest; its arguments pass through: `npm test -- --project unit`. */
await runCommand(async () => {
  // Fetched before the tests start, so that no test's time limit pays for a download.
  await findNatsServer((line) => process.stderr.write(`${line}\n`))
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
})
