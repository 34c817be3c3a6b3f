import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createApp, listen, type ApiParts } from '@pulsehouse/api'
import {
  ensureLogStream,
  openKeyStore,
  openMuteStore,
  readIngestLag,
  readMigrations,
  type Clickhouse,
  type NatsLink,
} from '@pulsehouse/platform'
import { adminKey, partsOf } from '../../packages/api/test/support/app.js'
import {
  openMigratedClickhouse,
  openNats,
  startClickhouseServer,
  startIngester,
  startNats,
  type TestServer,
} from './servers.js'
import { startProcess } from './server-process.js'
import { temporaryFolder } from './temporary-folder.js'
import { until } from './until.js'

const root = join(import.meta.dirname, '../..')
const streamBytesMax = 64 * 1024 * 1024
const minuteMs = 60_000
/** A busy machine has this long to make the traffic, and as long to store it, milliseconds. */
const fillWithinMs = 90_000
/** Traffic is made for what the test will take too, so that no minute is empty by the time it is looked at. */
const minutesAhead = 5

/** An API over real servers that have stored the shop's traffic. */
export interface FilledApi {
  parts: ApiParts
  clickhouse: Clickhouse
  nats: NatsLink
  clickhouseServer: TestServer
  /** First minute of the traffic, milliseconds since 1970; it goes on for some minutes after the test's start. */
  fromMs: number
  /** Lets it listen on a port of its own, or on a given one. @returns its address. */
  serve(port?: number): Promise<{ url: string; close: () => Promise<void> }>
}

/** Starts servers, ingests made-up traffic of the last minutes, and puts an API in front of it. */
export async function startFilledApi(traffic: {
  minutes: number
  eventsPerSecond: number
}): Promise<FilledApi> {
  const { minutes, eventsPerSecond } = traffic
  const folder = temporaryFolder()
  const [natsServer, clickhouseServer] = await Promise.all([startNats(folder), startClickhouseServer(folder)])
  const [nats, clickhouse] = await Promise.all([
    openNats(natsServer),
    openMigratedClickhouse(clickhouseServer),
  ])
  await ensureLogStream(nats, streamBytesMax)
  const fromMs = Math.floor(Date.now() / minuteMs) * minuteMs - minutes * minuteMs
  await generate(natsServer.url, [
    '--start',
    new Date(fromMs).toISOString(),
    '--duration',
    String((minutes + minutesAhead) * 60),
    '--sim-rate',
    String(eventsPerSecond),
    '--anomaly-rate',
    '0.01',
  ])
  const ingester = startIngester(folder, natsServer, clickhouseServer)
  await until(
    'everything is stored',
    async () => {
      if (ingester.child.exitCode !== null) throw new Error(ingester.output())
      const { chunks, lastSeq } = await readIngestLag(nats, Date.now())
      return (lastSeq > 0 && chunks === 0) || undefined
    },
    fillWithinMs,
  )
  const schemaVersion = readMigrations(join(root, 'clickhouse/migrations')).length
  const keys = await openKeyStore(nats)
  onTestFinished(() => keys.close())
  await keys.register(adminKey, { name: 'test', roles: ['admin'], createdBy: 'test' })
  const mutes = await openMuteStore(nats)
  onTestFinished(() => mutes.close())
  const parts = partsOf({ clickhouse, nats, keys, mutes, schemaVersion, nowMs: Date.now })
  const serve = async (port = 0) => {
    const server = await listen(createApp(parts), { host: '127.0.0.1', port })
    onTestFinished(() => server.close())
    return server
  }
  return { parts, clickhouse, nats, clickhouseServer, fromMs, serve }
}

async function generate(natsUrl: string, args: readonly string[]): Promise<void> {
  const main = join(root, 'packages/generator/dist/main.js')
  const fixed = ['--nats-url', natsUrl, '--rate', '0', '--steady', '--seed', '7']
  const generator = startProcess(process.execPath, [main, ...fixed, ...args])
  const code = await until(
    'the traffic is made',
    async () => generator.child.exitCode ?? undefined,
    fillWithinMs,
  )
  if (code !== 0) throw new Error(generator.output())
}
