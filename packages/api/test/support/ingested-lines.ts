import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  ensureLogStream,
  openPublisher,
  readLogStream,
  type Chunk,
  type Clickhouse,
} from '@pulsehouse/platform'
import { startProcess } from '../../../../tests/support/server-process.js'
import { until } from '../../../../tests/support/until.js'
import { keyHex } from './app.js'
import { silent, startMigratedClickhouse, startNats, temporaryFolder } from './stack.js'

const ingesterMain = join(import.meta.dirname, '../../../ingester/dist/main.js')
const linesOfChunk = 100

/** Lines that the real ingester has stored, and the chunks in which they were in the queue. */
export interface IngestedLines {
  clickhouse: Clickhouse
  chunks: Chunk[]
  createdSeconds: number
  close(): Promise<void>
}

/**
 * Publishes lines to a real queue and waits until the ingester has stored all of them.
 *
 * @param options of the ingester, beside its addresses.
 */
export async function startIngestedLines(
  lines: readonly string[],
  options: readonly string[] = [],
): Promise<IngestedLines> {
  const [database, queue] = await Promise.all([startMigratedClickhouse(), startNats()])
  const { createdSeconds } = await ensureLogStream(queue.nats, 8 * 1024 * 1024)
  const publisher = openPublisher(queue.nats, { subject: 'logs.test', log: silent })
  for (let from = 0; from < lines.length; from += linesOfChunk) {
    const payload = Buffer.from(`${lines.slice(from, from + linesOfChunk).join('\n')}\n`)
    await publisher.publish(payload, { id: `test-${from}`, contentType: 'application/x-ndjson' })
  }
  const folder = temporaryFolder()
  const args = [
    '--data-dir',
    folder.path,
    '--nats-url',
    queue.url,
    '--clickhouse-url',
    database.url,
    ...options,
  ]
  const keys = { PULSEHOUSE_PSEUDONYM_KEY: keyHex, PULSEHOUSE_QUEUE_KEY: keyHex }
  const ingester = startProcess(process.execPath, [ingesterMain, ...args], keys)
  await until('all lines are stored', async () => {
    const [row] = await database.clickhouse.query<{ n: number }>('SELECT toUInt32(count()) AS n FROM logs')
    return row?.n === lines.length || undefined
  })
  const chunks: Chunk[] = []
  const reading = await readLogStream(queue.nats, 1)
  for await (const chunk of reading) {
    chunks.push(chunk)
    if (chunks.length * linesOfChunk >= lines.length) break
  }
  reading.stop()
  const close = async (): Promise<void> => {
    await ingester.stop()
    await queue.close()
    await database.close()
    rmSync(folder.path, { recursive: true, force: true })
  }
  return { clickhouse: database.clickhouse, chunks, createdSeconds, close }
}
