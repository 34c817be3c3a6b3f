import {
  clickhouseUrlOf,
  connectClickhouse,
  connectNats,
  createLogger,
  natsUrlOf,
  openPublisher,
  runCommand,
  type Clickhouse,
} from '@pulsehouse/platform'
import { readConfig } from './rejected/config.js'
import { countRejected, newestRejected } from './rejected/rejected-queries.js'
import { listText, replayText } from './rejected/rejected-text.js'
import { replayRejected, replaySubject } from './rejected/replay.js'

type Config = ReturnType<typeof readConfig>

const listedByDefault = 20

async function main(): Promise<number> {
  const config = readConfig(process.argv.slice(2), process.env, Date.now())
  const clickhouse = connectClickhouse({ url: clickhouseUrlOf(config), application: 'pulsehouse-rejected' })
  try {
    await clickhouse.reach()
    await (config.action === 'list' ? list(clickhouse, config) : replay(clickhouse, config))
    return 0
  } finally {
    await clickhouse.close()
  }
}

async function list(clickhouse: Clickhouse, { filter, all, limit, json }: Config): Promise<void> {
  const counts = await countRejected(clickhouse, filter)
  const rows = await newestRejected(clickhouse, filter, { all, limit: limit ?? listedByDefault })
  process.stdout.write(json ? `${JSON.stringify({ counts, events: rows })}\n` : listText(counts, rows))
}

async function replay(clickhouse: Clickhouse, config: Config): Promise<void> {
  const { filter, limit = Infinity, dryRun, json } = config
  const log = createLogger('rejected', 'silent')
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-rejected', log })
  const publisher = openPublisher(nats, { subject: replaySubject, log })
  try {
    const outcome = await replayRejected({ nats, clickhouse, publisher }, { filter, limit, dryRun })
    process.stdout.write(json ? `${JSON.stringify({ ...outcome, dryRun })}\n` : replayText(outcome, dryRun))
  } finally {
    publisher.close()
    await nats.close()
  }
}

await runCommand(main)
