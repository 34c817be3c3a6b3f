import { once } from 'node:events'
import { join } from 'node:path'
import { runCommand } from '@pulsehouse/platform'
import { openDisplay } from './start/display.js'
import { LogFile } from './start/log-file.js'
import { checkPorts } from './start/ports.js'
import { readConfig, type SupersetConfig } from './superset/config.js'
import { ensureEnvironment } from './superset/environment.js'
import { passwordVariables, pythonEnvironment } from './superset/python-environment.js'
import { runStep } from './superset/run-step.js'
import { loadSecrets, passwordFile, settlePasswords, type SupersetSecrets } from './superset/secrets.js'
import { serve } from './superset/serve.js'
import { serverFolder } from './superset/server-folder.js'
import { openStamp } from './superset/stamp.js'

/** The metadata database is made within this time, milliseconds; on an idle machine it takes 15 s. */
const prepareTimeoutMs = 300_000

const display = openDisplay(process.stdout)
const stopped = new AbortController()

async function main(): Promise<number> {
  const config = readConfig(process.argv.slice(2), process.env)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort())
  // Under npm start there is a channel to it: when that goes, it is gone.
  process.on('disconnect', () => stopped.abort())
  try {
    await run(config)
  } catch (error) {
    // Whatever broke because we are stopping is no failure.
    if (!stopped.signal.aborted) throw error
  } finally {
    display.end()
  }
  return 0
}

async function run(config: SupersetConfig): Promise<void> {
  await checkPorts([{ port: config.supersetPort, purpose: 'Superset', option: '--superset-port' }])
  const log = openLog(config)
  const { signal } = stopped
  const python = await ensureEnvironment({
    python: config.python,
    env: config.env,
    signal,
    log,
    begin: () => say('installing Superset, once: 200 MB of Python packages'),
  })
  const secrets = loadSecrets(config.folder.superset, config.resetPassword)
  const env = pythonEnvironment(config, secrets)
  await prepare(config, secrets, python, env, log)
  say('starting Superset')
  const server = await serve(python, config.supersetPort, env, log, signal)
  printAddress(config, secrets)
  process.send?.('ready')
  await Promise.race([server.ended, abortOf(signal)])
  if (!signal.aborted) throw new Error(`Superset has ended; its last words are in ${logPath(config)}`)
  await server.stop()
}

async function abortOf(signal: AbortSignal): Promise<void> {
  // A signal that has come before tells nobody again.
  if (!signal.aborted) await once(signal, 'abort')
}

/** Brings the data folder's Superset to what this version of the project wants, if it is not. */
async function prepare(
  config: SupersetConfig,
  secrets: SupersetSecrets,
  python: string,
  env: NodeJS.ProcessEnv,
  log: (text: string) => void,
): Promise<void> {
  const stamp = openStamp(config.folder.superset, config.assets)
  const { drawn } = secrets
  if (stamp.isCurrent() && drawn.length === 0) return
  stamp.clear()
  say('preparing Superset: database, accounts, dashboards')
  await runStep({
    what: `Preparing Superset (${logPath(config)})`,
    file: python,
    args: [
      join(serverFolder, 'prepare.py'),
      config.assets,
      ...(drawn.length > 0 ? ['--reset-passwords', ...drawn] : []),
    ],
    env: { ...env, ...passwordVariables(secrets) },
    timeoutMs: prepareTimeoutMs,
    log,
    signal: stopped.signal,
  })
  settlePasswords(config.folder.superset, drawn)
  stamp.set()
}

/** Under npm start our output is the part's log; alone, the screen is for people and the log is a file. */
function openLog(config: SupersetConfig): (text: string) => void {
  if (process.send !== undefined) return (text) => process.stdout.write(text)
  const file = new LogFile(logPath(config))
  return (text) => file.write(text)
}

function logPath(config: SupersetConfig): string {
  return join(config.folder.logs, 'superset.log')
}

/** What is being done, for whoever waits: on our own last line, or on that of npm start. */
function say(doing: string): void {
  if (process.send === undefined) display.status(`${doing}…`)
  else process.send({ doing })
}

/** For people; npm start says it in its own words. */
function printAddress(config: SupersetConfig, secrets: SupersetSecrets): void {
  if (process.send !== undefined) return
  const accounts = [
    ['viewer', 'looks', secrets.passwords.viewer],
    ['admin', 'changes', secrets.passwords.admin],
  ] as const
  display.say(`Superset  http://127.0.0.1:${config.supersetPort}/dashboard/list/`)
  for (const [account, does, password] of accounts) {
    const file = passwordFile(config.folder.superset, account)
    display.say(`  ${account.padEnd(6)}  ${does.padEnd(7)}  password ${password} (${file})`)
  }
}

await runCommand(main)
process.exit()
