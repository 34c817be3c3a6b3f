import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  connectClickhouse,
  connectNats,
  createLogger,
  migrate,
  readMigrations,
  type Clickhouse,
  type NatsLink,
} from '@pulsehouse/platform'
import { findNatsServer } from '../../../../scripts/nats/find-nats-server.js'
import { queueKeyValue, queueKeyVariable, writeNatsConfig } from '../../../../scripts/nats/nats-config.js'
import { freePort } from '../../../../scripts/free-port.js'
import { startProcess, type ServerProcess } from '../../../../tests/support/server-process.js'
import { until } from '../../../../tests/support/until.js'

const root = join(import.meta.dirname, '../../../..')

/** A logger that says nothing. */
export const silent = createLogger('test', 'silent')

/** A server that was killed may still be writing its last file. */
const removal = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }

/** A folder of the file's own, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'pulsehouse-api-'))
  return { path, remove: () => rmSync(path, removal) }
}

/** A real ClickHouse with the schema of this version. */
export interface MigratedClickhouse {
  clickhouse: Clickhouse
  url: string
  process: ServerProcess
  close(): Promise<void>
}

/** Starts an embedded ClickHouse over an empty folder and migrates it. */
export async function startMigratedClickhouse(): Promise<MigratedClickhouse> {
  const folder = temporaryFolder()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const main = join(root, 'packages/embedded-clickhouse/dist/main.js')
  const process_ = startProcess(process.execPath, [main, '--data', folder.path, '--port', String(port)])
  await until('ClickHouse answers', async () => ((await fetch(`${url}/ping`)).ok ? true : undefined))
  const setup = connectClickhouse({ url, application: 'test', database: 'default' })
  await migrate(setup, readMigrations(join(root, 'clickhouse/migrations')))
  await setup.close()
  const administrator = connectClickhouse({ url, application: 'test' })
  // Questions are asked as the API asks them: as the user who may only read.
  const reader = connectClickhouse({ url: `http://viewer@127.0.0.1:${port}`, application: 'test' })
  const clickhouse = { ...reader, command: async (sql: string) => await administrator.command(sql) }
  const close = async (): Promise<void> => {
    await Promise.all([reader.close(), administrator.close()])
    // Not a kill: the process that was started stands in for the server's own, and waits for it.
    await process_.stop('SIGTERM')
    folder.remove()
  }
  return { clickhouse, url, process: process_, close }
}

/** A real nats-server. */
export interface StartedNats {
  url: string
  nats: NatsLink
  process: ServerProcess
  /** Starts it again over its folder, after it was stopped. */
  restart(): void
  close(): Promise<void>
}

/** Starts a nats-server over an empty folder. */
export async function startNats(): Promise<StartedNats> {
  const folder = temporaryFolder()
  const port = await freePort()
  const { path, version } = await findNatsServer(() => undefined)
  const config = join(folder.path, 'nats.conf')
  writeNatsConfig(config, {
    port,
    storeFolder: join(folder.path, 'nats'),
    queueBytes: 16 * 1024 * 1024,
    version,
  })
  const launch = (): ServerProcess =>
    startProcess(path, ['--config', config], { [queueKeyVariable]: queueKeyValue('c'.repeat(64)) })
  const process_ = launch()
  let running = process_
  const restart = (): void => {
    running = launch()
  }
  const url = `nats://127.0.0.1:${port}`
  const nats = await until('nats-server answers', () => connectNats({ url, name: 'test', log: silent }))
  const close = async (): Promise<void> => {
    await nats.connection.close()
    await running.stop('SIGKILL')
    folder.remove()
  }
  return { url, nats, process: process_, restart, close }
}
