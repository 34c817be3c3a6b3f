import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectNats, createLogger, ensureLogStream, openKeyStore, type NatsLink } from '@pulsehouse/platform'
import { findNatsServer } from '../../nats/find-nats-server.js'
import { queueKeyValue, queueKeyVariable, writeNatsConfig } from '../../nats/nats-config.js'
import { waitFor } from './wait-for.js'
import { freePort } from '../../free-port.js'

/** A real nats-server and a real API, and in the place of ClickHouse something that counts who asks it. */
export interface TailBenchStack {
  nats: NatsLink
  natsUrl: string
  apiUrl: string
  apiPid: number | undefined
  key: string
  clickhouseRequests(): number
  close(): Promise<void>
}

const root = join(import.meta.dirname, '../../../..')
const queueBytes = 1024 * 1024 * 1024

/** Starts it on ports and a folder of its own. */
export async function startTailBenchStack(): Promise<TailBenchStack> {
  const folder = mkdtempSync(join(tmpdir(), 'pulsehouse-bench-'))
  const children: ChildProcess[] = []
  const launch = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess => {
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: 'ignore' })
    children.push(child)
    return child
  }
  const { path, version } = await findNatsServer(() => undefined)
  const natsPort = await freePort()
  const config = join(folder, 'nats.conf')
  writeNatsConfig(config, { port: natsPort, storeFolder: join(folder, 'nats'), queueBytes, version })
  launch(path, ['--config', config], { [queueKeyVariable]: queueKeyValue('b'.repeat(64)) })
  const natsUrl = `nats://127.0.0.1:${natsPort}`
  const log = createLogger('bench', 'silent')
  const nats = await waitFor('nats-server answers', () => connectNats({ url: natsUrl, name: 'bench', log }))
  await ensureLogStream(nats, queueBytes)
  const keys = await openKeyStore(nats)
  const { key } = await keys.make({ name: 'bench', roles: ['admin'], createdBy: 'bench' })
  keys.close()
  let asked = 0
  const database = createServer((_, response) => {
    asked += 1
    response.writeHead(500).end()
  }).listen(0, '127.0.0.1')
  await once(database, 'listening')
  const databaseUrl = `http://127.0.0.1:${(database.address() as AddressInfo).port}`
  const apiPort = await freePort()
  const apiUrl = `http://127.0.0.1:${apiPort}`
  const addresses = ['--data-dir', folder, '--nats-url', natsUrl, '--clickhouse-url', databaseUrl]
  const main = join(root, 'packages/api/dist/main.js')
  const args = [main, ...addresses, '--api-port', String(apiPort), '--rate-limit', '0']
  const api = launch(process.execPath, args)
  await waitFor('the API answers', async () => (await fetch(`${apiUrl}/healthz`)).ok || undefined)
  return {
    nats,
    natsUrl,
    apiUrl,
    apiPid: api.pid,
    key,
    clickhouseRequests: () => asked,
    close: async () => {
      await nats.close()
      for (const child of children.toReversed()) {
        const ended = child.exitCode === null ? once(child, 'exit') : undefined
        child.kill('SIGTERM')
        await ended
      }
      database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
