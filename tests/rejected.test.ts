import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { limits } from '@pulsehouse/events'
import {
  createLogger,
  ensureLogStream,
  openPublisher,
  purgeLogStream,
  readAccounting,
  readIngestLag,
  readLogStreamState,
  type Clickhouse,
  type NatsLink,
  type Publisher,
} from '@pulsehouse/platform'
import { replayRejected, replaySubject, type ReplayTask } from '../scripts/rejected/replay.js'
import { startProcess, type ServerProcess } from './support/server-process.js'
import {
  openMigratedClickhouse,
  openNats,
  startClickhouseServer,
  startIngester,
  startNats,
} from './support/servers.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { until } from './support/until.js'

const silent = createLogger('test', 'silent')
/** A busy machine has this long to store what was published, milliseconds. */
const storeWithinMs = 60_000
const everything: ReplayTask = { filter: { reason: '', sinceMicros: 0 }, limit: Infinity, dryRun: false }

let nats: NatsLink
let clickhouse: Clickhouse
let publisher: Publisher
/** The options by which the command reaches the servers of a test. */
let options: string[]
let runIngester: () => ServerProcess

beforeEach(async () => {
  const folder = temporaryFolder()
  const [natsServer, clickhouseServer] = await Promise.all([startNats(folder), startClickhouseServer(folder)])
  ;[clickhouse, nats] = await Promise.all([openMigratedClickhouse(clickhouseServer), openNats(natsServer)])
  await ensureLogStream(nats, 32 * 1024 * 1024)
  publisher = openPublisher(nats, { subject: replaySubject, log: silent })
  options = ['--nats-url', natsServer.url, '--clickhouse-url', clickhouseServer.url]
  runIngester = () => startIngester(folder, natsServer, clickhouseServer)
})

/** Starts the compiled command. */
function startRejected(...words: string[]): ServerProcess {
  const main = join(import.meta.dirname, '../scripts/dist/rejected.js')
  return startProcess(process.execPath, [main, ...words, ...options])
}

async function runRejected(...words: string[]): Promise<string> {
  const running = startRejected(...words)
  expect(await until('the command ends', async () => running.child.exitCode ?? undefined)).toBe(0)
  return running.output()
}

/** Publishes lines in a format that nobody knows, so that they are rejected. */
async function publishUnknown(lines: readonly string[], id: string): Promise<void> {
  const shop = openPublisher(nats, { subject: 'logs.test', log: silent })
  await shop.publish(Buffer.from(lines.join('\n')), { id, contentType: 'application/x-shop' })
}

/** From now on they are NDJSON, as if the decoder had learnt their format. */
async function mendDecoder(): Promise<void> {
  await clickhouse.command(
    `ALTER TABLE rejected_events UPDATE content_type = 'application/x-ndjson' WHERE content_type = 'application/x-shop' SETTINGS mutations_sync = 1`,
  )
}

async function untilStored(): Promise<void> {
  await until(
    'everything is stored',
    async () => {
      const { chunks, lastSeq } = await readIngestLag(nats, Date.now())
      return (lastSeq > 0 && chunks === 0) || undefined
    },
    storeWithinMs,
  )
}

async function storeRejected(lines: readonly string[]): Promise<void> {
  runIngester()
  for (let start = 0; start < lines.length; start += limits.chunkEventsMax) {
    await publishUnknown(lines.slice(start, start + limits.chunkEventsMax), `shop-${start}`)
  }
  await untilStored()
  await mendDecoder()
}

function lineOf(index: number): string {
  return JSON.stringify({ message: `order ${index}`, timestamp: '2026-11-22T08:00:00.123456Z', order: index })
}

/** Counts messages in `logs`: each must be there once. */
async function storedMessages(): Promise<{ rows: number; different: number }> {
  const [row] = await clickhouse.query<{ rows: number; different: number }>(
    'SELECT count() AS rows, uniqExact(message) AS different FROM logs',
  )
  return row ?? { rows: 0, different: 0 }
}

async function replay(task: Partial<ReplayTask> = {}) {
  return await replayRejected({ nats, clickhouse, publisher }, { ...everything, ...task })
}

describe('npm run rejected', { timeout: 180_000 }, () => {
  test('lists what is open, and sends through again what is an event now: once', async () => {
    const shop = openPublisher(nats, { subject: 'logs.test', log: silent })
    await storeRejected([
      '{"message": "own time", "timestamp": "2026-11-22T08:00:00.123456Z", "ip": "203.0.113.9", "colour": "red"}',
      '{"message": "no time"}',
      `{"message": "${'x'.repeat(limits.rejectedPayloadCharsMax)}"}`,
    ])
    await shop.publish(Buffer.from('{"message": "brok\u001b[31men'), {
      id: 'broken',
      contentType: 'application/json',
    })
    await untilStored()

    const list = await runRejected('list')
    expect(list).toMatch(/unknown_format\s+3\s+0\s+1\n/)
    expect(list).toMatch(/invalid_json {2}chunk 2, line 1 {2}application\/json\n/)
    expect(list).not.toContain('\u001b')
    expect(await replay({ dryRun: true })).toMatchObject({ replayed: 2, cut: 1 })
    expect((await readLogStreamState(nats)).lastSeq).toBe(2)

    const first = await runRejected('replay', '--json')
    expect(JSON.parse(first)).toEqual({
      replayed: 2,
      underWay: 0,
      cut: 1,
      refused: { invalid_json: 1 },
      dryRun: false,
    })
    await untilStored()
    const stored = await clickhouse.query(
      `SELECT l.message AS message, l.attributes AS attributes, startsWith(l.ip_address, 'ip_') AS hidden,
              toString(l.timestamp) AS time, l.timestamp = r.received_at AS arrived
       FROM logs AS l, rejected_events AS r WHERE r.reason = 'unknown_format' AND r.event_index = 1 ORDER BY message`,
    )
    const created = (await readLogStreamState(nats)).createdSeconds
    expect(stored).toMatchObject([
      { message: 'no time', attributes: { replayed_from: `${created}:1:1` }, arrived: 1 },
      {
        message: 'own time',
        attributes: { replayed_from: `${created}:1:0`, colour: 'red' },
        hidden: 1,
        time: '2026-11-22 08:00:00.123456',
      },
    ])

    // Whether the replayed chunk is still in the stream or only in ClickHouse.
    for (const purge of [false, true]) {
      if (purge) await purgeLogStream(nats, (await readLogStreamState(nats)).lastSeq)
      expect(await replay()).toEqual({ replayed: 0, underWay: 0, cut: 1, refused: { invalid_json: 1 } })
    }
    expect(await readAccounting(nats, clickhouse)).toMatchObject({
      balanced: true,
      accepted: 6,
      stored: 2,
      rejected: 4,
    })
    const after = await runRejected('list', '--all', '--json')
    const { counts, events } = JSON.parse(after) as {
      counts: unknown
      events: { replayed: boolean }[]
    }
    expect(counts).toEqual([
      { reason: 'invalid_json', open: 1, replayed: 0, cut: 0 },
      { reason: 'unknown_format', open: 1, replayed: 2, cut: 1 },
    ])
    expect(events.filter(({ replayed }) => replayed)).toHaveLength(2)
    const open = await runRejected('list', '--reason', 'unknown_format', '--json')
    expect((JSON.parse(open) as { events: unknown[] }).events).toHaveLength(1)
  })

  test('is killed again and again between its chunks, and each event is stored once', async () => {
    const lines = Array.from({ length: 9_000 }, (_, index) => lineOf(index))
    await storeRejected(lines)
    let kills = 0
    let completed = false
    for (let before = (await readLogStreamState(nats)).lastSeq; !completed && kills < 5;) {
      const running = startRejected('replay')
      await until('a chunk is sent, or the end', async () => {
        const { lastSeq } = await readLogStreamState(nats)
        if (lastSeq === before && running.child.exitCode === null) return undefined
        before = lastSeq
        return true
      })
      completed = running.child.exitCode !== null
      await running.stop('SIGKILL')
      kills += completed ? 0 : 1
    }
    expect(kills).toBeGreaterThan(0)
    await replay()
    await untilStored()
    expect(await storedMessages()).toEqual({ rows: 9_000, different: 9_000 })
    expect(await replay()).toMatchObject({ replayed: 0, underWay: 0 })
    expect(await readAccounting(nats, clickhouse)).toMatchObject({
      balanced: true,
      accepted: 18_000,
      stored: 9_000,
      rejected: 9_000,
    })
  })

  test('whose answer is lost knows what it has sent, while nothing of it is stored yet', async () => {
    const ingester = runIngester()
    await publishUnknown([1, 2, 3].map(lineOf), 'shop')
    await untilStored()
    await mendDecoder()
    await ingester.stop('SIGTERM')
    const deaf: Publisher = {
      ...publisher,
      publish: async (...chunk) => {
        await publisher.publish(...chunk)
        throw new Error('killed after the chunk was sent')
      },
    }
    await expect(replayRejected({ nats, clickhouse, publisher: deaf }, everything)).rejects.toThrow('killed')
    expect(await replay()).toEqual({ replayed: 0, underWay: 3, cut: 0, refused: {} })
    runIngester()
    await untilStored()
    expect(await storedMessages()).toEqual({ rows: 3, different: 3 })
  })

  test('runs several times at once, and each event is stored once', async () => {
    await storeRejected(Array.from({ length: 5_000 }, (_, index) => lineOf(index)))
    const outcomes = await Promise.all([replay(), replay(), replay()])
    expect(outcomes.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(5_000)
    await untilStored()
    expect(await storedMessages()).toEqual({ rows: 5_000, different: 5_000 })
  })

  test('takes what an older decoder refused again for replayed, and its refusal for open', async () => {
    await storeRejected([lineOf(1)])
    const older: Publisher = {
      ...publisher,
      publish: async (payload, head, ...rest) =>
        await publisher.publish(payload, { ...head, contentType: 'application/x-shop' }, ...rest),
    }
    expect(await replayRejected({ nats, clickhouse, publisher: older }, everything)).toMatchObject({
      replayed: 1,
    })
    await untilStored()
    await purgeLogStream(nats, (await readLogStreamState(nats)).lastSeq)
    const output = await runRejected('list', '--json')
    expect(JSON.parse(output)).toMatchObject({
      counts: [{ reason: 'unknown_format', open: 1, replayed: 1 }],
      events: [{ streamSeq: 2, eventIndex: 0 }],
    })
    await mendDecoder()
    expect(await replay({ limit: 5 })).toMatchObject({ replayed: 1 })
    await untilStored()
    expect(await storedMessages()).toEqual({ rows: 1, different: 1 })
    expect(await replay()).toMatchObject({ replayed: 0, underWay: 0 })
  })
})
