import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../scripts/free-port.js'
import type { ServerProcess } from '../support/server-process.js'
import { placeFor, runScript, untilRunning, type StackPlace } from '../support/stack.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { until } from '../support/until.js'
import { startWithSuperset, untilReady } from './support/served-superset.js'
import { logIn } from './support/superset-client.js'

/** What a second start may take until the dashboards are there, milliseconds. */
const secondStartMaxMs = 60_000
/** Several starts in one test, each of some seconds on an idle machine. */
const severalStarts = { timeout: 600_000 }

/** Where a stack with Superset lives during a test. */
interface Place extends StackPlace {
  superset: number
}

async function somewhere(): Promise<Place> {
  return { ...(await placeFor(temporaryFolder())), superset: await freePort() }
}

function start(place: Place, ...args: string[]): ServerProcess {
  const running = startWithSuperset(place, place.superset, ...args)
  onTestFinished(() => running.stop('SIGTERM'))
  return running
}

async function isServed({ superset }: Place): Promise<boolean> {
  return fetch(`http://127.0.0.1:${superset}/health`).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** Processes that have something to do with the place; Superset's own know its port only. */
function processesOf({ dataDir, superset }: Place): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(dataDir) || line.includes(`127.0.0.1:${superset}`))
}

function passwordOf({ dataDir }: Place): string {
  return readFileSync(join(dataDir, 'superset/viewer-password'), 'utf8').trim()
}

async function idsOfCharts(place: Place): Promise<unknown> {
  const viewer = await logIn(`http://127.0.0.1:${place.superset}`, 'viewer', passwordOf(place))
  const { body } = await viewer.get(
    '/api/v1/chart/?q=(page_size:200,order_column:slice_name,order_direction:asc)',
  )
  return (body as { ids: unknown }).ids
}

test(
  'npm start brings Superset, again in seconds with the same ids and passwords; it comes back when it dies, and goes with the rest',
  severalStarts,
  async () => {
    const place = await somewhere()
    const first = start(place)
    await untilReady(first)
    expect(first.output()).toContain('Pulsehouse is running')
    const page = await fetch(`http://127.0.0.1:${place.ports.api}/`)
    expect(await page.text()).toContain(`http://127.0.0.1:${place.superset}/dashboard/list/`)
    const [ids, password] = [await idsOfCharts(place), passwordOf(place)]

    process.kill(Number(readFileSync(join(place.dataDir, 'run/superset.pid'), 'utf8')), 'SIGKILL')
    await until('Superset is gone', async () => ((await isServed(place)) ? undefined : true))
    await until('Superset is back', async () => (await isServed(place)) || undefined, 60_000)

    await first.stop('SIGTERM')
    expect(first.output()).toContain('Stopped.')
    await until('nothing is left', () => Promise.resolve(processesOf(place).length === 0 || undefined))

    const startedAtMs = Date.now()
    const second = start(place)
    await untilReady(second)
    expect(Date.now() - startedAtMs).toBeLessThan(secondStartMaxMs)
    expect(passwordOf(place)).toBe(password)
    expect(await idsOfCharts(place)).toEqual(ids)
  },
)

test('a start that is killed leaves no Superset behind', severalStarts, async () => {
  const place = await somewhere()
  const killed = start(place)
  await untilReady(killed)
  process.kill(Number(readFileSync(join(place.dataDir, 'run/start.pid'), 'utf8')), 'SIGKILL')
  await until('Superset is gone', () => {
    const left = processesOf(place).filter((line) => /superset|gunicorn/.test(line))
    return Promise.resolve(left.length === 0 || undefined)
  })
  expect(await isServed(place)).toBe(false)
  // What nats-server left behind is stopped by the next start.
  await untilRunning(start(place, '--no-superset'))
})

test('without a Python that fits the rest runs, and a sentence says what to install', async () => {
  const place = await somewhere()
  const running = start(place, '--python', '/nowhere/python3')
  await until('it is said', () =>
    Promise.resolve(/Superset does not run, the rest does/.test(running.output()) || undefined),
  )
  expect(running.output()).toContain(
    'Superset needs Python 3.10, 3.11 or 3.12 with venv (there is no /nowhere/python3)',
  )
  expect((await fetch(`http://127.0.0.1:${place.ports.api}/healthz`)).status).toBe(200)
  expect(await isServed(place)).toBe(false)
  const page = await fetch(`http://127.0.0.1:${place.ports.api}/`)
  expect(await page.text()).not.toContain('/dashboard/list/')
})

test('a folder of assets that is not there is named', async () => {
  const superset = runScript('superset', '--data-dir', temporaryFolder(), '--assets', '/nowhere')
  await until('it ends', () => Promise.resolve(superset.child.exitCode ?? undefined))
  expect(superset.child.exitCode).toBe(2)
  expect(superset.output()).toMatch(/--assets.* name a folder of assets that is there/)
})

test('it does not read by a user who may write', async () => {
  const superset = runScript(
    'superset',
    '--data-dir',
    temporaryFolder(),
    '--clickhouse-url',
    'http://admin@127.0.0.1:1',
  )
  await until('it ends', () => Promise.resolve(superset.child.exitCode ?? undefined))
  expect(superset.child.exitCode).toBe(2)
  expect(superset.output()).toContain('name it with --clickhouse-read-url')
})

test('passwords are drawn anew for who asks, and the old ones are refused', severalStarts, async () => {
  const place = await somewhere()
  const options = ['--data-dir', place.dataDir, '--superset-port', String(place.superset)]
  const run = async (...args: string[]): Promise<ServerProcess> => {
    const superset = runScript('superset', ...options, ...args)
    onTestFinished(() => superset.stop('SIGTERM'))
    await until('Superset is served', async () => (await isServed(place)) || undefined, 300_000)
    return superset
  }
  const before = await run()
  const old = passwordOf(place)
  await before.stop('SIGTERM')
  await run('--reset-password')
  expect(passwordOf(place)).not.toBe(old)
  await logIn(`http://127.0.0.1:${place.superset}`, 'viewer', passwordOf(place))
  const refused = await fetch(`http://127.0.0.1:${place.superset}/api/v1/security/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'viewer', password: old, provider: 'db' }),
  })
  expect(refused.status).toBe(401)
})
