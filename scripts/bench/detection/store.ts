import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { serverEnvironment } from '@pulsehouse/embedded-clickhouse'
import { connectClickhouse, migrate, readMigrations, type Clickhouse } from '@pulsehouse/platform'
import { freePort } from '../../free-port.js'
import { storeHistory } from '../query/history.js'
import { readPlanted, type Planted } from './planted.js'

const root = join(import.meta.dirname, '../../../..')
const migrations = readMigrations(join(root, 'clickhouse/migrations'))
const server = join(root, 'packages/embedded-clickhouse/dist/main.js')

/** How long a scenario is, in seconds, and which part of it is judged: what comes before is learned from. */
export const scenario = {
  name: 'fortnight',
  durationS: 14 * 86_400,
  learnedS: 4 * 86_400,
  eventsPerS: 5,
} as const

const dayMs = 86_400_000
/** An older store is made anew: events are kept for 30 days. */
const keptMaxMs = 14 * dayMs
const startWithinMs = 60_000
const pollMs = 100
/** Reading 14 days may take a while on a busy machine, milliseconds. */
const queryTimeoutMs = 600_000

/** A scenario that is stored, in a ClickHouse of its own. */
export interface ScenarioStore {
  clickhouse: Clickhouse
  planted: readonly Planted[]
  /** Seconds since 1970: the traffic's first moment. */
  startSeconds: number
  close: () => Promise<void>
}

/** What a complete store says of itself. */
interface StoreLabel {
  startSeconds: number
  eventsPerS: number
  migrations: number
}

/**
 * Stores 14 days of the scenario, which end at the last midnight, or opens them where they are kept.
 *
 * @param keep a folder in which stores outlive the run.
 */
export async function openScenarioStore(
  seed: number,
  keep: string | undefined,
  report: (line: string) => void,
): Promise<ScenarioStore> {
  const folder =
    keep === undefined ? mkdtempSync(join(tmpdir(), 'pulsehouse-bench-')) : join(keep, `seed-${seed}`)
  const places = { label: join(folder, 'store.json'), truth: join(folder, 'truth.ndjson') }
  const label = labelOf(places.label)
  if (label === undefined) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const { child, clickhouse } = await startClickhouse(join(folder, 'clickhouse'))
  const close = async (): Promise<void> => {
    await clickhouse.close()
    await stop(child)
    if (keep === undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const { startSeconds } = label ?? (await fill(clickhouse, seed, places, report))
    return { clickhouse, planted: readPlanted(places.truth), startSeconds, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function fill(
  clickhouse: Clickhouse,
  seed: number,
  places: { label: string; truth: string },
  report: (line: string) => void,
): Promise<StoreLabel> {
  const endMs = Math.floor(Date.now() / dayMs) * dayMs
  const startSeconds = endMs / 1_000 - scenario.durationS
  const { name, durationS, eventsPerS } = scenario
  const time = ['--start', new Date(startSeconds * 1_000).toISOString(), '--duration', String(durationS)]
  const what = ['--scenario', name, '--seed', String(seed), '--sim-rate', String(eventsPerS)]
  await storeHistory(clickhouse, { args: [...time, ...what, '--truth', places.truth], report })
  const label = { startSeconds, eventsPerS, migrations: migrations.length }
  writeFileSync(places.label, JSON.stringify(label))
  return label
}

/** What is kept, if it is complete, of the same schema and young enough that nothing of it has been deleted. */
function labelOf(path: string): StoreLabel | undefined {
  if (!existsSync(path)) return undefined
  const label = JSON.parse(readFileSync(path, 'utf8')) as StoreLabel
  const isSame = label.migrations === migrations.length && label.eventsPerS === scenario.eventsPerS
  const endMs = (label.startSeconds + scenario.durationS) * 1_000
  return isSame && Date.now() - endMs < keptMaxMs ? label : undefined
}

async function startClickhouse(data: string): Promise<{ child: ChildProcess; clickhouse: Clickhouse }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [server, '--data', data, '--port', String(port)], {
    env: { ...process.env, ...serverEnvironment(data) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const setup = connectClickhouse({ url, application: 'bench', database: 'default' })
  try {
    await answers(setup, child)
    await migrate(setup, migrations)
  } catch (error) {
    await stop(child)
    throw error
  } finally {
    await setup.close()
  }
  return {
    child,
    clickhouse: connectClickhouse({ url, application: 'bench', requestTimeoutMs: queryTimeoutMs }),
  }
}

async function answers(clickhouse: Clickhouse, child: ChildProcess): Promise<void> {
  const deadlineMs = Date.now() + startWithinMs
  while (!(await clickhouse.ping())) {
    if (child.exitCode !== null)
      throw new Error(`ClickHouse ended with code ${child.exitCode}; its message is above.`)
    if (Date.now() > deadlineMs)
      throw new Error(`ClickHouse did not answer within ${startWithinMs / 1_000} s.`)
    await delay(pollMs)
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
