import { join } from 'node:path'
import { createProtection } from '@pulsehouse/events'
import {
  clickhouseReadUrlOf,
  connectClickhouse,
  connectNats,
  createLogger,
  loadKeys,
  natsUrlOf,
  openKeyStore,
  openMuteStore,
  readMigrations,
  runCommand,
  runPart,
  type RunningPart,
} from '@pulsehouse/platform'
import { createApp } from './app.js'
import { readConfig } from './config.js'
import { createLiveFeed } from './incidents/live-feed.js'
import { createIntake } from './intake/intake.js'
import { createCursors } from './parameters/cursor.js'
import { listen } from './http/server.js'
import { openHistory } from './stats/history.js'
import { createTail } from './tail/tail.js'

/** A query may take this long, milliseconds. */
const queryTimeLimitMs = 30_000
const migrationsFolder = join(import.meta.dirname, '../../../clickhouse/migrations')
const log = createLogger('api')

async function start(config: ReturnType<typeof readConfig>): Promise<RunningPart> {
  const { pseudonymKey } = loadKeys(config.dataDir, process.env)
  const schemaVersion = readMigrations(migrationsFolder).length
  const clickhouse = connectClickhouse({ url: clickhouseReadUrlOf(config), application: 'pulsehouse-api' })
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-api', log })
  const keys = await openKeyStore(nats)
  const mutes = await openMuteStore(nats)
  const protection = createProtection(config.privacy, pseudonymKey)
  const tail = createTail({ nats, protection, log })
  const incidents = createLiveFeed({ clickhouse, log })
  const app = createApp({
    clickhouse,
    nats,
    protection,
    tail,
    incidents,
    mutes,
    intake: createIntake({ nats, log, nowMs: Date.now }),
    cursors: createCursors(pseudonymKey),
    keys,
    history: openHistory(Date.now),
    rateLimit: config.rateLimit,
    log,
    schemaVersion,
    corsOrigins: config.corsOrigins,
    supersetUrl: config.supersetUrl,
    queryTimeLimitMs,
    nowMs: Date.now,
  })
  const server = await listen(app, { port: config.apiPort, host: config.host })
  log.info({ url: server.url }, 'listening; the documentation is at /docs')
  return {
    stop: [
      // Their answers never end by themselves; they come back, and go on where they were.
      { name: 'end the live tails', run: () => tail.close() },
      { name: 'end the live streams of incidents', run: () => incidents.close() },
      { name: 'take no more requests, answer those under way', run: () => server.close() },
      { name: 'close ClickHouse', run: () => clickhouse.close() },
      { name: 'follow the keys no more', run: () => keys.close() },
      { name: 'follow the mutes no more', run: () => mutes.close() },
      { name: 'drain NATS', run: () => nats.close() },
    ],
  }
}

// Options are read before the part runs: what was typed wrongly is a sentence for a person, not a line of the log.
await runCommand(async () => {
  const config = readConfig(process.argv.slice(2), process.env)
  await runPart(log, () => start(config))
  return 0
})
