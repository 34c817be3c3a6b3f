import { formats } from '@pulsehouse/events'
import {
  createLogger,
  ensureLogStream,
  openIngestState,
  openPublisher,
  parseIngestState,
  readLogStreamState,
  type NatsLink,
} from '@pulsehouse/platform'
import type { ServerProcess } from './server-process.js'
import { openMigratedClickhouse, openNats, startClickhouseServer, startNats } from './servers.js'
import { temporaryFolder } from './temporary-folder.js'
import { until } from './until.js'

const silent = createLogger('test', 'silent')

/** The size of the tests' stream on disk, in bytes. */
export const streamBytesMax = 32 * 1024 * 1024

/** A queue and a database of the test's own, with the stream and the tables. */
export async function startStores() {
  const folder = temporaryFolder()
  const natsServer = await startNats(folder)
  const clickhouseServer = await startClickhouseServer(folder)
  const clickhouse = await openMigratedClickhouse(clickhouseServer)
  const nats = await openNats(natsServer)
  await ensureLogStream(nats, streamBytesMax)
  return { folder, natsServer, clickhouseServer, clickhouse, nats }
}

/** An event as one line; every tenth is an error. */
export function eventLine(index: number): string {
  return JSON.stringify({
    timestamp: new Date(Date.UTC(2026, 10, 22, 7, 0, 0, index)).toISOString(),
    level: index % 10 === 0 ? 'ERROR' : 'INFO',
    service: `service-${index % 3}`,
    user_id: `user_${index % 7}`,
    url: `/products/${index}`,
    status_code: index % 10 === 0 ? 500 : 200,
    response_time: index % 100,
  })
}

/** Publishes chunks of events under ids of a run, and waits until the queue has them. */
export async function publishEvents(
  nats: NatsLink,
  chunks: number,
  eventsPerChunk: number,
  run: string,
): Promise<void> {
  const publisher = openPublisher(nats, { subject: 'logs.test', log: silent })
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const lines = Array.from({ length: eventsPerChunk }, (_, index) =>
      eventLine(chunk * eventsPerChunk + index),
    )
    const head = { id: `${run}-${chunk}`, contentType: formats.json.contentType }
    await publisher.publish(Buffer.from(lines.join('\n')), head)
  }
}

/** Waits until a process has printed a text. */
export async function untilOutput(process: ServerProcess, text: string): Promise<void> {
  await until(`it prints "${text}"`, () =>
    Promise.resolve(process.output().includes(text) || undefined),
  ).catch((error: unknown) => {
    throw new Error(process.output(), { cause: error })
  })
}

/** Waits until the ingester has stored and committed everything that is in the stream. */
export async function untilDrained(nats: NatsLink): Promise<void> {
  const store = await openIngestState(nats)
  await until('the stream is stored', async () => {
    const { lastSeq } = await readLogStreamState(nats)
    const state = parseIngestState((await store.load()).value)
    return state?.pending === null && state.committed === lastSeq ? true : undefined
  })
}
