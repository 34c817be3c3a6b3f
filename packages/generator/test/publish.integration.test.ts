import { join } from 'node:path'
import { limits } from '@pulsehouse/events'
import {
  ensureLogStream,
  purgeLogStream,
  readLogStream,
  readLogStreamState,
  type Chunk,
  type NatsLink,
} from '@pulsehouse/platform'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess, type ServerProcess } from '../../../tests/support/server-process.js'
import { openNats, startNats, type TestServer } from '../../../tests/support/servers.js'
import { temporaryFolder } from '../../../tests/support/temporary-folder.js'
import { until } from '../../../tests/support/until.js'

const main = join(import.meta.dirname, '../dist/main.js')

/** Starts the compiled generator, as `npm run generate` does it. */
function startGenerator(...args: string[]): ServerProcess {
  const generator = startProcess(process.execPath, [main, ...args])
  onTestFinished(() => generator.stop('SIGKILL'))
  return generator
}

function publishing(nats: TestServer, ...args: string[]): ServerProcess {
  const queue = ['--nats-url', nats.url, '--queue-bytes', String(16 * 1024 * 1024)]
  return startGenerator(...queue, '--seed', '1', '--steady', '--rate', '500', ...args)
}

/** How a generator ended; it has to have been told to, or to have an end. */
async function exitCode(generator: ServerProcess): Promise<number> {
  return until('the generator ends', async () => generator.child.exitCode ?? undefined)
}

/** Every chunk that the stream holds. */
async function readChunks(nats: NatsLink): Promise<Chunk[]> {
  const { messages } = await readLogStreamState(nats)
  if (messages === 0) return []
  const reading = await readLogStream(nats, 1)
  const chunks: Chunk[] = []
  for await (const chunk of reading) {
    chunks.push(chunk)
    if (chunks.length === messages) break
  }
  reading.stop()
  return chunks
}

/** The request ids of a chunk, one an event: lines that are cut short are no JSON. */
function requestIds({ payload }: Chunk): string[] {
  const lines = Buffer.from(payload).toString().trimEnd().split('\n')
  return lines.map((line) => (JSON.parse(line) as { request_id: string }).request_id)
}

/** Waits until the stream holds some chunks. */
async function untilChunks(nats: NatsLink, count: number): Promise<void> {
  await until(`the stream holds ${count} chunks`, async () => {
    const { messages } = await readLogStreamState(nats)
    return messages >= count ? true : undefined
  })
}

// Two chunks with one id would be one for the queue: that all events arrive proves that the ids are unique.
test('as many events as asked for arrive, each once, in chunks within the limits', async () => {
  const server = await startNats(temporaryFolder())
  const nats = await openNats(server)
  expect(await exitCode(publishing(server, '--count', '2000'))).toBe(0)
  const chunks = await readChunks(nats)
  const ids = chunks.flatMap((chunk) => {
    const own = requestIds(chunk)
    expect(own.length).toBeLessThanOrEqual(limits.chunkEventsMax)
    expect(chunk.payload.length).toBeLessThanOrEqual(limits.chunkBytesMax)
    expect(chunk.contentType).toBe('application/x-ndjson')
    return own
  })
  expect(ids).toHaveLength(2_000)
  expect(new Set(ids).size).toBe(2_000)
})

test('a second run of the same seed is taken whole: its chunks are no duplicates of the first’s', async () => {
  const server = await startNats(temporaryFolder())
  const nats = await openNats(server)
  const args = ['--count', '300', '--start', '2026-11-22T09:00:00Z']
  expect(await exitCode(publishing(server, ...args))).toBe(0)
  expect(await exitCode(publishing(server, ...args))).toBe(0)
  const ids = (await readChunks(nats)).flatMap(requestIds)
  expect(ids).toHaveLength(600)
  expect(new Set(ids).size).toBe(300)
})

test('SIGTERM ends a run with 0, and what was drawn has arrived without a hole', async () => {
  const server = await startNats(temporaryFolder())
  const nats = await openNats(server)
  const start = '2026-11-22T09:00:00Z'
  const generator = publishing(server, '--start', start)
  await until('there is a stream', async () => readLogStreamState(nats))
  await untilChunks(nats, 5)
  await generator.stop('SIGTERM')
  expect(generator.child.exitCode).toBe(0)
  expect(generator.output()).not.toContain('given up')
  const arrived = (await readChunks(nats)).flatMap(requestIds)
  const traffic = ['--seed', '1', '--steady', '--rate', '0', '--sim-rate', '500', '--start', start]
  const printed = startGenerator('--stdout', ...traffic, '--count', String(arrived.length))
  expect(await exitCode(printed)).toBe(0)
  const drawn = printed.output().matchAll(/"request_id":"(req_\w+)"/g)
  expect(arrived).toEqual([...drawn].map(([, id]) => id))
})

test('a stream without room makes the generator wait and say so; once there is room it goes on', async () => {
  const server = await startNats(temporaryFolder())
  const nats = await openNats(server)
  await ensureLogStream(nats, 1024 * 1024)
  const generator = publishing(server, '--count', '3000')
  await until('the generator waits', async () =>
    generator.output().includes('the queue is full') ? true : undefined,
  )
  expect(generator.child.exitCode).toBe(null)
  const ids: string[] = []
  await until('every event has arrived', async () => {
    const chunks = await readChunks(nats)
    ids.push(...chunks.flatMap(requestIds))
    await purgeLogStream(nats, chunks.at(-1)?.seq ?? 0)
    return ids.length >= 3_000 ? true : undefined
  })
  expect(await exitCode(generator)).toBe(0)
  expect(generator.output()).toContain('the queue takes chunks again')
  expect(new Set(ids).size).toBe(3_000)
})

test('help is a success, a wrong call is told from a failure', async () => {
  const help = startGenerator('--help')
  expect(await exitCode(help)).toBe(0)
  expect(help.output()).toContain('Usage: npm run generate')
  const wrong = startGenerator('--stdout', '--rate', 'fast', '--format', 'xml')
  expect(await exitCode(wrong)).toBe(2)
  expect(wrong.output()).toContain('--rate is "fast"')
  expect(wrong.output()).toContain('--format is "xml"')
  expect(await exitCode(startGenerator('--unknown'))).toBe(2)
  const failing = startGenerator('--nats-url', 'nats://127.0.0.1:1', '--count', '1')
  expect(await exitCode(failing)).toBe(1)
  expect(failing.output()).toContain('No NATS server answers')
})
