import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  clickhouseUrlOf,
  connectClickhouse,
  connectNats,
  createLogger,
  loadKeys,
  natsUrlOf,
  openBlockInserter,
  runCommand,
  runPart,
  type RunningPart,
} from '@pulsehouse/platform'
import { readConfig } from './config.js'
import { EncoderThread } from './batches/encoder-thread.js'
import { ingest } from './ingest.js'

const log = createLogger('ingester')

async function start(config: ReturnType<typeof readConfig>): Promise<RunningPart> {
  const keys = loadKeys(config.dataDir, process.env)
  const clickhouseUrl = clickhouseUrlOf(config)
  const clickhouse = connectClickhouse({ url: clickhouseUrl, application: 'pulsehouse-ingester' })
  const nats = await connectNats({ url: natsUrlOf(config), name: 'pulsehouse-ingester', log })
  const inserter = openBlockInserter(clickhouseUrl)
  const encoder = new EncoderThread({ privacy: config.privacy, pseudonymKey: keys.pseudonymKey })
  const stopped = new AbortController()
  const done = ingest(
    {
      nats,
      clickhouse,
      inserter,
      log,
      encoder,
      owner: `${hostname()}:${process.pid}:${randomUUID()}`,
      limits: { rowsMax: config.batchRows, bytesMax: config.batchBytes, ageMaxMs: config.batchAgeMs },
      streamBytesMax: config.queueBytes,
      replayWindowMs: config.replayWindowSeconds * 1000,
    },
    stopped.signal,
  )
  return {
    done,
    stop: [
      {
        name: 'stop reading, store what was read, commit',
        run: async () => {
          stopped.abort()
          await done
        },
      },
      {
        name: 'close ClickHouse',
        run: async () => {
          inserter.close()
          await clickhouse.close()
        },
      },
      { name: 'end the thread that makes batches', run: () => encoder.close() },
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
