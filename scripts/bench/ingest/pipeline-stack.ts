import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startClickhouse } from '@pulsehouse/embedded-clickhouse'
import {
  connectClickhouse,
  connectNats,
  createLogger,
  ensureLogStream,
  type Clickhouse,
  type NatsLink,
} from '@pulsehouse/platform'
import { freePort } from '../../free-port.js'
import { ingesterEnvironment } from '../../ingester-environment.js'
import { findNatsServer } from '../../nats/find-nats-server.js'
import { queueKeyValue, queueKeyVariable, writeNatsConfig } from '../../nats/nats-config.js'
import { prepareSchema } from '../../schema.js'
import { waitFor } from '../tail/wait-for.js'

const packages = join(import.meta.dirname, '../../../../packages')
const retentionDays = 30
/** What is kept of a process's words for an error, characters. */
const saidMax = 4_000

/** A process of the stack. */
export interface StackProcess {
  pid: number
  /** Its log so far; of a long one the end. */
  said: () => string
  /** Settles with the exit code, null after a signal. */
  ended: Promise<number | null>
  /** Ends it as a supervisor does, and waits until it is gone. */
  stop(): Promise<void>
}

/** An embedded ClickHouse with the product's tables and views, empty at first. */
export interface Store {
  pid: number
  clickhouse: Clickhouse
  /** Ends it and deletes its data. */
  close(): Promise<void>
}

/** The parts of the pipeline, each a process of its own, as `npm start` runs them. */
export interface PipelineStack {
  nats: NatsLink
  natsPid: number
  startStore(): Promise<Store>
  /** Resolves when it says that it is ready, which is before it reads. */
  startIngester(store: Store): Promise<StackProcess>
  /** Starts publishing; the arguments are the generator's. */
  startGenerator(args: readonly (string | number)[]): StackProcess
  close(): Promise<void>
}

/** Starts the queue on a port and a folder of its own; the rest is started when it is wanted. */
export async function startPipelineStack(queueBytes: number): Promise<PipelineStack> {
  const folder = mkdtempSync(join(tmpdir(), 'pulsehouse-bench-'))
  const port = await freePort()
  const natsUrl = `nats://127.0.0.1:${port}`
  const running: StackProcess[] = []
  const keep = (started: StackProcess): StackProcess => {
    running.push(started)
    return started
  }
  const addresses = ['--data-dir', folder, '--nats-url', natsUrl, '--queue-bytes', String(queueBytes)]
  const server = keep(await startNats(folder, port, queueBytes))
  const log = createLogger('bench', 'silent')
  const nats = await waitFor('nats-server answers', () => connectNats({ url: natsUrl, name: 'bench', log }))
  await ensureLogStream(nats, queueBytes)
  return {
    nats,
    natsPid: server.pid,
    startStore: () => startStore(folder),
    startIngester: async (store) => {
      const args = [...addresses, '--clickhouse-url', store.clickhouse.url]
      const child = launchPart('ingester', args, 'ipc')
      const ingester = keep(processOf(child))
      await readyOrEnd(child, ingester)
      return ingester
    },
    startGenerator: (args) =>
      keep(processOf(launchPart('generator', [...addresses, ...args.map(String)], 'ignore'))),
    close: async () => {
      await nats.close()
      for (const part of running.toReversed()) await part.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startNats(folder: string, port: number, queueBytes: number): Promise<StackProcess> {
  const { path, version } = await findNatsServer(() => undefined)
  const config = join(folder, 'nats.conf')
  writeNatsConfig(config, { port, storeFolder: join(folder, 'nats'), queueBytes, version })
  const env = { ...process.env, [queueKeyVariable]: queueKeyValue('b'.repeat(64)) }
  return processOf(spawn(path, ['--config', config], { env, stdio: ['ignore', 'pipe', 'pipe'] }))
}

async function startStore(folder: string): Promise<Store> {
  const dataDir = mkdtempSync(join(folder, 'clickhouse-'))
  const server = await startClickhouse({ dataDir, port: 0, log: createLogger('bench', 'silent') })
  const setup = connectClickhouse({ url: server.url, application: 'bench', database: 'default' })
  await prepareSchema(setup, retentionDays)
  await setup.close()
  const clickhouse = connectClickhouse({ url: server.url, application: 'bench' })
  return {
    pid: server.pid,
    clickhouse,
    close: async () => {
      await clickhouse.close()
      await server.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** With a channel a part says when it is ready, and ends when we do; one that comes to its own end has none to wait for. */
function launchPart(
  name: 'ingester' | 'generator',
  args: readonly string[],
  channel: 'ipc' | 'ignore',
): ChildProcess {
  return spawn(process.execPath, [join(packages, name, 'dist/main.js'), ...args], {
    env: name === 'ingester' ? ingesterEnvironment(process.env) : process.env,
    stdio: ['ignore', 'pipe', 'pipe', channel],
  })
}

function processOf(child: ChildProcess): StackProcess {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-saidMax)))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return {
    pid: child.pid ?? 0,
    said: () => said,
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function readyOrEnd(child: ChildProcess, { ended, said }: StackProcess): Promise<void> {
  const ready = once(child, 'message').then(() => true)
  const isReady = await Promise.race([ready, ended.then(() => false)])
  if (!isReady) throw new Error(`The ingester did not start: ${said()}`)
}
