import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectClickhouse, dataFolder, type Clickhouse } from '@pulsehouse/platform'

const start = join(import.meta.dirname, '../../start/main.js')
const generator = join(import.meta.dirname, '../../../../packages/generator/dist/main.js')
import { freePort } from '../../free-port.js'

/** The whole stack as `npm start` runs it, without traffic, on ports and a folder of its own. */
export interface QueryBenchStack {
  /** Of its data. */
  folder: string
  clickhouse: Clickhouse
  /** Where the API is, and a key of it. */
  api: { url: string; key: string }
  /** Asks the API. @throws when the answer is no 200. */
  ask(path: string): Promise<Response>
  /** Publishes traffic in real time. */
  generate(rate: number, seconds: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts it and waits until it says that it is running.
 *
 * @param supersetPort with Superset on this port; without one, there is none.
 */
export async function startQueryBenchStack(supersetPort?: number): Promise<QueryBenchStack> {
  const folder = mkdtempSync(join(tmpdir(), 'pulsehouse-bench-'))
  const [api, clickhousePort, nats] = [await freePort(), await freePort(), await freePort()]
  const places = [
    '--data-dir',
    folder,
    '--api-port',
    api,
    '--clickhouse-port',
    clickhousePort,
    '--nats-port',
    nats,
    ...(supersetPort === undefined ? ['--no-superset'] : ['--superset-port', supersetPort]),
  ]
  const ready = supersetPort === undefined ? /Pulsehouse is running/ : /^ +Superset +http/m
  const child = spawn(process.execPath, [start, ...places.map(String), '--no-generator'], {
    env: { ...process.env, PULSEHOUSE_RATE_LIMIT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4_000)
      if (ready.test(said)) resolve()
    })
    child.once('exit', () => reject(new Error(`The stack did not start: ${said}`)))
  })
  const key = readFileSync(dataFolder(folder).apiKey, 'utf8').trim()
  const url = `http://127.0.0.1:${clickhousePort}`
  const clickhouse = connectClickhouse({ url, application: 'bench', requestTimeoutMs: 600_000 })
  return {
    folder,
    clickhouse,
    api: { url: `http://127.0.0.1:${api}`, key },
    ask: async (path) => {
      const headers = { Authorization: `Bearer ${key}` }
      const response = await fetch(`http://127.0.0.1:${api}${path}`, { headers })
      if (response.status === 200) return response
      throw new Error(`${path} is answered with ${response.status}: ${await response.text()}`)
    },
    generate: async (rate, seconds) => {
      const args = ['--rate', rate, '--steady', '--duration', seconds, '--seed', '9']
      const places = ['--nats-url', `nats://127.0.0.1:${nats}`]
      const made = spawn(process.execPath, [generator, ...args.map(String), ...places], { stdio: 'ignore' })
      const [code] = (await once(made, 'exit')) as [number | null]
      if (code !== 0) throw new Error(`The generator ended with code ${code}.`)
    },
    close: async () => {
      await clickhouse.close()
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
