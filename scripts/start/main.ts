import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  clickhouseUrlOf,
  connectClickhouse,
  connectNats,
  createLogger,
  dataFolder,
  ensureLogStream,
  loadKeys,
  migrationTimeoutMs,
  natsUrlOf,
  runCommand,
} from '@pulsehouse/platform'
import { prepareSchema } from '../schema.js'
import { ensureApiKey } from './api-key.js'
import { readRules } from '@pulsehouse/detector'
import { readConfig, type StartConfig } from './config.js'
import { deleteStored } from './delete-stored.js'
import { lackOfSpace } from './disk.js'
import { openDisplay, type Display } from './display.js'
import { takeDataFolder } from './leftovers.js'
import type { Part } from './part.js'
import { checkPorts } from './ports.js'
import { passwordFile } from '../superset/secrets.js'
import { createStack, supersetUrlOf } from './stack.js'
import { openStatus, type Status } from './status.js'
import { statusLine } from './status-line.js'
import { outlookSentence, type SupersetOutlook } from './superset-outlook.js'

const statusEveryMs = 1_000
/** The stack stops within this time, or the process ends all the same, milliseconds. */
const stopDeadlineMs = 9_800

async function main(): Promise<number> {
  const config = readConfig(process.argv.slice(2), process.env)
  // A wrong file is told before anything is started.
  readRules(config.rules)
  const display = openDisplay(process.stdout)
  const stopped = new AbortController()
  // npm passes a signal on that the terminal has sent to us already: only the first one counts.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort())
  const started: Part[] = []
  const giveBack = await takeDataFolder(dataFolder(config.dataDir).run, (line) => display.say(line))
  try {
    await startAll(config, display, started, stopped.signal)
    if (!stopped.signal.aborted) await showStatus(config, display, started, stopped.signal)
  } catch (error) {
    // Whatever broke because we are stopping is no failure.
    if (!stopped.signal.aborted) throw error
  } finally {
    display.end()
    if (started.length > 0) await stopAll(started, display)
    giveBack()
  }
  return 0
}

async function startAll(
  config: StartConfig,
  display: Display,
  started: Part[],
  signal: AbortSignal,
): Promise<void> {
  const folder = dataFolder(config.dataDir)
  await checkPorts([
    ...(config.natsUrl === undefined
      ? [{ port: config.natsPort, purpose: 'NATS', option: '--nats-port' }]
      : []),
    ...(config.clickhouseUrl === undefined
      ? [{ port: config.clickhousePort, purpose: 'ClickHouse', option: '--clickhouse-port' }]
      : []),
    { port: config.apiPort, purpose: 'the REST API', option: '--api-port' },
    ...(config.noSuperset
      ? []
      : [
          {
            port: config.supersetPort,
            purpose: 'Superset',
            option: '--superset-port or leave it out with --no-superset',
          },
        ]),
  ])
  if (config.fresh) deleteStored(folder)
  const keys = loadKeys(config.dataDir, config.env)
  const say = (line: string): void => display.say(line)
  const stack = await createStack(config, keys, config.verbose ? say : undefined, say)
  const start = async (part: Part): Promise<void> => {
    if (signal.aborted) return
    display.status(`starting ${part.name}…`)
    started.push(part)
    await part.start()
  }
  for (const part of stack.servers) await start(part)
  if (signal.aborted) return
  const apiKey = await prepareStores(config, display)
  for (const part of stack.apps) await start(part)
  if (signal.aborted) return
  printAddresses(config, apiKey, stack.supersetOutlook, display)
  if (stack.superset !== undefined) startSuperset(stack.superset, config, display, started, signal)
}

/** Superset takes minutes the first time and seconds later; nobody waits for it, and nothing fails with it. */
function startSuperset(
  superset: Part,
  config: StartConfig,
  display: Display,
  started: Part[],
  signal: AbortSignal,
): void {
  started.push(superset)
  superset.start().then(
    () => display.say(`  Superset     ${supersetUrlOf(config)} ${supersetAccounts(config)}`),
    (error: unknown) => {
      if (signal.aborted) return
      display.say(
        `Superset does not run, the rest does. ${error instanceof Error ? error.message : String(error)}`,
      )
    },
  )
}

/**
 * The stream and the tables exist before anything writes to them, and a key of the API before anybody asks.
 *
 * @returns the key.
 */
async function prepareStores(config: StartConfig, display: Display): Promise<string> {
  const log = createLogger('start', 'silent')
  const clickhouse = connectClickhouse({
    url: clickhouseUrlOf(config),
    application: 'pulsehouse-start',
    database: 'default',
    requestTimeoutMs: migrationTimeoutMs,
  })
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-start', log })
  const applied = await prepareSchema(clickhouse, config.retentionDays)
  if (applied.length > 0) display.say(`Schema: applied ${applied.join(', ')}`)
  await ensureLogStream(nats, config.queueBytes)
  const apiKey = await ensureApiKey(nats, dataFolder(config.dataDir).apiKey)
  await nats.close()
  await clickhouse.close()
  return apiKey
}

function printAddresses(
  config: StartConfig,
  apiKey: string,
  supersetOutlook: SupersetOutlook,
  display: Display,
): void {
  const api = `http://127.0.0.1:${config.apiPort}`
  const traffic = config.noGenerator
    ? 'none (--no-generator)'
    : `${config.rate || 'unlimited'} events a second`
  const lines = [
    '',
    'Pulsehouse is running. Ctrl-C stops it; nothing is lost.',
    `  Start page   ${api}/#key=${apiKey}`,
    `  REST API     ${api}/docs#key=${apiKey}`,
    `  Statistics   curl -H "Authorization: Bearer $(cat ${shownPath(dataFolder(config.dataDir).apiKey)})" '${api}/v1/stats/series?from=-15m'`,
    `  ClickHouse   ${clickhouseUrlOf(config).replace(/\/\/[^@/]*@/, '//')}${config.clickhouseUrl === undefined ? ' (embedded)' : ''}`,
    `  NATS         ${natsUrlOf(config).replace(/\/\/[^@/]*@/, '//')}`,
    `  Superset     ${outlookSentence[supersetOutlook]}`,
    `  Traffic      ${traffic}`,
    `  Data, logs   ${config.dataDir}`,
    ...(config.privacy === 'plain' ? ['  PRIVACY=plain: users and addresses are stored in clear.'] : []),
    '',
  ]
  for (const line of lines) display.say(line)
}

/** How to log in, with the password of the account that only looks; the other one's is for who looks for it. */
function supersetAccounts(config: StartConfig): string {
  const { superset } = dataFolder(config.dataDir)
  const password = readFileSync(passwordFile(superset, 'viewer'), 'utf8').trim()
  return `(user viewer, password ${password}; admin's is in ${shownPath(passwordFile(superset, 'admin'))})`
}

/** A path as a shell takes it, from where the user stands if it lies below. */
function shownPath(path: string): string {
  const below = relative(process.cwd(), path)
  const shown = below.startsWith('..') ? path : below
  return /^[\w./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`
}

async function showStatus(
  config: StartConfig,
  display: Display,
  parts: readonly Part[],
  signal: AbortSignal,
): Promise<void> {
  const log = createLogger('start', 'silent')
  const clickhouse = connectClickhouse({ url: clickhouseUrlOf(config), application: 'pulsehouse-start' })
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-status', log })
  const readStatus = await openStatus(nats, clickhouse)
  const seen: { atMs: number; stored: number }[] = []
  let status: Status | undefined
  let readAtMs = Date.now()
  let wasFull = false
  while (!signal.aborted) {
    try {
      status = await readStatus()
      readAtMs = Date.now()
      seen.push({ atMs: Date.now(), stored: status.stored })
      if (seen.length > 10) seen.shift()
    } catch {
      // A part is down: the line says which, and the figures are those of before.
    }
    const freeBytes = lackOfSpace(config.dataDir)
    // nats-server goes on refusing chunks after the disk was full, however much room there is by then.
    if (wasFull && freeBytes === undefined) parts.find(({ name }) => name === 'nats')?.restart()
    wasFull = freeBytes !== undefined
    const ageMs = Date.now() - readAtMs
    display.status(
      statusLine({ status, rate: rateOf(seen), parts, privacy: config.privacy, ageMs, freeBytes }),
    )
    await delay(statusEveryMs, undefined, { signal }).catch(() => undefined)
  }
  await nats.close()
  await clickhouse.close()
}

function rateOf(seen: readonly { atMs: number; stored: number }[]): number | undefined {
  const [first, last] = [seen[0], seen.at(-1)]
  if (first === undefined || last === undefined || last.atMs === first.atMs) return undefined
  return ((last.stored - first.stored) / (last.atMs - first.atMs)) * 1000
}

/** Producers first, then the ingester, then what they stand on. */
async function stopAll(parts: readonly Part[], display: Display): Promise<void> {
  const deadline = setTimeout(() => {
    display.say('The stack did not stop in time; what is left is stopped at the next start.')
    process.exit(1)
  }, stopDeadlineMs)
  const superset = parts.find(({ name }) => name === 'superset')
  const isStopped = superset?.stop()
  for (const part of parts.toReversed().filter((other) => other !== superset)) {
    display.status(`stopping ${part.name}…`)
    await part.stop()
  }
  await isStopped
  clearTimeout(deadline)
  display.end()
  display.say('Stopped.')
}

await runCommand(main)
// A start that failed half-way must not hang on a connection that is still open.
process.exit()
