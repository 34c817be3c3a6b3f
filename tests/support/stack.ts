import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from '../../scripts/free-port.js'
import { startProcess, type ServerProcess } from './server-process.js'
import { until } from './until.js'

/** What a start may take on a busy machine, with what an earlier one left behind, milliseconds. */
const startTimeoutMs = 55_000
const root = join(import.meta.dirname, '../..')

/** A stack under `npm start`, with ports and a folder of its own. */
export interface TestStack {
  start: ServerProcess
  apiUrl: string
  clickhouseUrl: string
  /** The options by which other commands reach this stack. */
  options: string[]
  ports: { api: number; clickhouse: number; nats: number }
}

/** Where a stack lives; a second start with the same place resumes it. */
export interface StackPlace {
  dataDir: string
  ports: TestStack['ports']
}

/** Chooses ports that are free now. */
export async function placeFor(dataDir: string): Promise<StackPlace> {
  return { dataDir, ports: { api: await freePort(), clickhouse: await freePort(), nats: await freePort() } }
}

/** Runs one of the project's commands, as npm does, without what npm adds. */
export function runScript(command: string, ...args: string[]): ServerProcess {
  const { INIT_CWD: _, ...env } = process.env
  return startProcess(process.execPath, [join(root, 'scripts/run.mjs'), command, ...args], env)
}

/** Runs one of the project's commands through npm, as its users do. */
function runNpm(command: string, ...args: string[]): ServerProcess {
  return startProcess('npm', ['--prefix', root, 'run', command, '--', ...args])
}

/** Starts a stack through npm and waits until it says that it is running. */
export async function startStack(place: StackPlace, ...args: string[]): Promise<TestStack> {
  const { api, clickhouse, nats } = place.ports
  const options = [
    '--data-dir',
    place.dataDir,
    '--nats-port',
    String(nats),
    '--clickhouse-port',
    String(clickhouse),
  ]
  const start = runNpm('start', ...options, '--api-port', String(api), '--no-superset', ...args)
  onTestFinished(() => start.stop('SIGTERM'))
  await untilRunning(start)
  const apiUrl = `http://127.0.0.1:${api}`
  return { start, apiUrl, clickhouseUrl: `http://127.0.0.1:${clickhouse}`, options, ports: place.ports }
}

/** Waits until `npm start` says that the stack runs. @throws what it printed, when it ends before or takes too long. */
export async function untilRunning(start: ServerProcess): Promise<void> {
  const isRunning = (): boolean => start.output().includes('Pulsehouse is running')
  const runsOrEnded = () => Promise.resolve(isRunning() || start.child.exitCode !== null || undefined)
  await until('the stack runs', runsOrEnded, startTimeoutMs).catch(() => undefined)
  if (!isRunning()) throw new Error(`The stack does not run:\n${start.output()}`)
}

/** Runs a command to its end and returns what it printed. */
export async function runToEnd(
  command: string,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const running = runScript(command, ...args)
  await until(`${command} ends`, () => Promise.resolve(running.child.exitCode ?? undefined), 60_000)
  return { code: running.child.exitCode, output: running.output() }
}
