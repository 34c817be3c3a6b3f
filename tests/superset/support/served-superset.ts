import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../scripts/free-port.js'
import { placeFor, runScript, type StackPlace } from '../../support/stack.js'
import type { ServerProcess } from '../../support/server-process.js'
import { until } from '../../support/until.js'
import { logIn, type SupersetClient } from './superset-client.js'

/** A first start has to install Superset, milliseconds. */
const startTimeoutMs = 360_000

/** A whole stack with its Superset, as `npm start` runs it, in a folder of its own. */
export interface ServedSuperset {
  url: string
  place: StackPlace
  start: ServerProcess
  /** Logs in as one of the accounts that come with the stack. */
  logInAs(account: 'admin' | 'viewer'): Promise<SupersetClient>
  /** Stops all of it and deletes the folder. */
  end(): Promise<void>
}

/** Starts a stack without traffic and waits until its Superset is said to be ready. */
export async function serveSuperset(): Promise<ServedSuperset> {
  const folder = mkdtempSync(join(tmpdir(), 'pulsehouse-superset-'))
  const place = await placeFor(folder)
  const port = await freePort()
  const start = startWithSuperset(place, port)
  const end = async (): Promise<void> => {
    await start.stop('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilReady(start)
  } catch (error) {
    await end()
    throw error
  }
  const url = `http://127.0.0.1:${port}`
  const passwordOf = (account: string): string =>
    readFileSync(join(folder, 'superset', `${account}-password`), 'utf8').trim()
  return {
    url,
    place,
    start,
    logInAs: async (account) => logIn(url, account, passwordOf(account)),
    end,
  }
}

/** Starts a stack without traffic, and with Superset. */
export function startWithSuperset(
  { dataDir, ports }: StackPlace,
  port: number,
  ...args: string[]
): ServerProcess {
  const given = [
    ['--data-dir', dataDir],
    ['--nats-port', ports.nats],
    ['--clickhouse-port', ports.clickhouse],
    ['--api-port', ports.api],
    ['--superset-port', port],
  ] as const
  return runScript('start', ...given.flat().map(String), '--no-generator', ...args)
}

/** Waits until `npm start` says where Superset is. @throws with what it printed when it ends before. */
export async function untilReady(start: ServerProcess): Promise<void> {
  await until(
    'Superset is ready',
    () =>
      Promise.resolve(
        start.child.exitCode !== null || /^ +Superset +http/m.test(start.output()) || undefined,
      ),
    startTimeoutMs,
  )
  if (start.child.exitCode !== null) throw new Error(start.output())
}
