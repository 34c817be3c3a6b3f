import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  connectClickhouse,
  connectNats,
  createLogger,
  migrate,
  readMigrations,
  type Clickhouse,
  type NatsLink,
} from '@pulsehouse/platform'
import { serverEnvironment } from '@pulsehouse/embedded-clickhouse'
import { findNatsServer } from '../../scripts/nats/find-nats-server.js'
import { queueKeyValue, queueKeyVariable, writeNatsConfig } from '../../scripts/nats/nats-config.js'
import { freePort } from '../../scripts/free-port.js'
import { startProcess, type ServerProcess } from './server-process.js'
import { until } from './until.js'

const root = join(import.meta.dirname, '../..')
const silent = createLogger('test', 'silent')
const queueKey = 'c'.repeat(64)

/** A real server of one test, and how to stop and start it again on the same data. */
export interface TestServer {
  url: string
  port: number
  kill(signal: NodeJS.Signals): Promise<void>
  restart(): Promise<void>
}

/** Starts a nats-server of the test's own, as `npm start` does it. */
export async function startNats(folder: string, queueBytes = 64 * 1024 * 1024): Promise<TestServer> {
  const { path, version } = await findNatsServer(() => undefined)
  const port = await freePort()
  const config = join(folder, 'nats.conf')
  writeNatsConfig(config, { port, storeFolder: join(folder, 'nats'), queueBytes, version })
  const url = `nats://127.0.0.1:${port}`
  const launch = (): ServerProcess =>
    startProcess(path, ['--config', config], { [queueKeyVariable]: queueKeyValue(queueKey) })
  const ready = async (): Promise<void> => {
    await until('nats-server answers', async () => {
      const link = await connectNats({ url, name: 'probe', log: silent })
      await link.close()
      return true
    })
  }
  return serverOf(url, port, launch, ready)
}

/** Starts an embedded ClickHouse of the test's own. */
export async function startClickhouseServer(folder: string): Promise<TestServer> {
  const port = await freePort()
  const main = join(root, 'packages/embedded-clickhouse/dist/main.js')
  const url = `http://127.0.0.1:${port}`
  const launch = (): ServerProcess =>
    startProcess(
      process.execPath,
      [main, '--data', join(folder, 'clickhouse'), '--port', String(port)],
      serverEnvironment(join(folder, 'clickhouse')),
    )
  const ready = async (): Promise<void> => {
    await until('ClickHouse answers', async () => ((await fetch(`${url}/ping`)).ok ? true : undefined))
  }
  return serverOf(url, port, launch, ready)
}

async function serverOf(
  url: string,
  port: number,
  launch: () => ServerProcess,
  ready: () => Promise<void>,
): Promise<TestServer> {
  let server = launch()
  onTestFinished(() => server.stop('SIGKILL'))
  await ready()
  return {
    url,
    port,
    kill: (signal) => server.stop(signal),
    restart: async () => {
      server = launch()
      await ready()
    },
  }
}

/** A client of the test's own. */
export async function openNats(server: TestServer): Promise<NatsLink> {
  const link = await connectNats({ url: server.url, name: 'test', log: silent })
  onTestFinished(() => link.connection.close())
  return link
}

/** A client of the test's own, on the migrated schema. */
export async function openMigratedClickhouse(server: TestServer): Promise<Clickhouse> {
  const setup = connectClickhouse({ url: server.url, application: 'test', database: 'default' })
  await migrate(setup, readMigrations(join(root, 'clickhouse/migrations')))
  await setup.close()
  const clickhouse = connectClickhouse({ url: server.url, application: 'test' })
  onTestFinished(() => clickhouse.close())
  return clickhouse
}

/** Starts the compiled ingester against two servers, as `npm start` does it. */
export function startIngester(
  folder: string,
  nats: TestServer,
  clickhouse: TestServer,
  ...args: string[]
): ServerProcess {
  const main = join(root, 'packages/ingester/dist/main.js')
  const addresses = ['--data-dir', folder, '--nats-url', nats.url, '--clickhouse-url', clickhouse.url]
  const ingester = startProcess(process.execPath, [main, ...addresses, ...args])
  onTestFinished(() => ingester.stop('SIGKILL'))
  return ingester
}
