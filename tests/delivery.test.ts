import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createProtection, formats, limits } from '@pulsehouse/events'
import { Batch, insertBatch } from '@pulsehouse/ingester'
import {
  createLogger,
  ensureLogStream,
  openBlockInserter,
  openIngestState,
  openPublisher,
  parseIngestState,
  readAccounting,
  readLogStreamState,
  type Chunk,
  type NatsLink,
} from '@pulsehouse/platform'
import {
  openMigratedClickhouse,
  openNats,
  startClickhouseServer,
  startIngester,
  startNats,
} from './support/servers.js'
import type { ServerProcess } from './support/server-process.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { until } from './support/until.js'

const silent = createLogger('test', 'silent')
const protection = createProtection('pseudonyms', 'a'.repeat(64))
const streamBytesMax = 32 * 1024 * 1024

/** A queue and a database of the test's own, with the stream and the tables. */
async function startStores() {
  const folder = temporaryFolder()
  const natsServer = await startNats(folder)
  const clickhouseServer = await startClickhouseServer(folder)
  const clickhouse = await openMigratedClickhouse(clickhouseServer)
  const nats = await openNats(natsServer)
  await ensureLogStream(nats, streamBytesMax)
  return { folder, natsServer, clickhouseServer, clickhouse, nats }
}

function eventLine(index: number): string {
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

function chunkOf(seq: number, lines: readonly string[]): Chunk {
  return {
    seq,
    receivedAtMicros: Date.UTC(2026, 10, 22, 8) * 1000 + seq,
    contentType: formats.json.contentType,
    timeShiftMicros: 0,
    payload: Buffer.from(lines.join('\n')),
    pending: 0,
  }
}

async function publishEvents(
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
async function untilOutput(process: ServerProcess, text: string): Promise<void> {
  await until(`it prints "${text}"`, () =>
    Promise.resolve(process.output().includes(text) || undefined),
  ).catch((error: unknown) => {
    throw new Error(process.output(), { cause: error })
  })
}

/** Waits until the ingester has stored and committed everything that is in the stream. */
async function untilDrained(nats: NatsLink): Promise<void> {
  const store = await openIngestState(nats)
  await until('the stream is stored', async () => {
    const { lastSeq } = await readLogStreamState(nats)
    const state = parseIngestState((await store.load()).value)
    return state?.pending === null && state.committed === lastSeq ? true : undefined
  })
}

describe('a batch that is inserted again', () => {
  test('changes nothing, in no table and no rollup', async () => {
    const folder = temporaryFolder()
    const server = await startClickhouseServer(folder)
    const clickhouse = await openMigratedClickhouse(server)
    const inserter = openBlockInserter(server.url)
    const lines = Array.from({ length: 500 }, (_, index) => eventLine(index))
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const batch = new Batch(chunkOf(1, [...lines, '{broken']), 1_700_000_000, protection)
      batch.add(chunkOf(2, lines))
      await insertBatch(inserter, batch, '2026-11-22T00:00:00.000Z')
    }
    inserter.close()
    const [counts] = await clickhouse.query(`
      SELECT (SELECT count() FROM logs) AS logs, (SELECT count() FROM rejected_events) AS rejected,
             (SELECT count() FROM batches) AS batches, (SELECT sum(events) FROM stats_by_minute) AS rolled_up,
             (SELECT sum(errors) FROM stats_by_minute) AS errors`)
    expect(counts).toEqual({ logs: 1000, rejected: 1, batches: 1, rolled_up: 1000, errors: 100 })
  })

  test('gives the same bytes from the same chunks', () => {
    const [first, second] = [1, 2].map(() => {
      const batch = new Batch(chunkOf(5, [eventLine(1), 'noise', eventLine(2)]), 1_700_000_000, protection)
      batch.add(chunkOf(6, [eventLine(3)]))
      return Buffer.concat([batch.logs.encode(), batch.rejected.encode()]).toString('hex')
    })
    expect(first).toBe(second)
  })
})

describe('the ingester', () => {
  test(
    'is killed again and again under load, and everything is stored exactly once',
    { timeout: 120_000 },
    async () => {
      const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
      const publishing = publishEvents(nats, 300, 200, 'kill')
      for (let round = 0; round < 6; round += 1) {
        const ingester = startIngester(
          folder,
          natsServer,
          clickhouseServer,
          '--batch-age-ms',
          '20',
          '--batch-rows',
          '2000',
        )
        await untilOutput(ingester, 'reading the stream')
        await delay(50 + round * 40)
        await ingester.stop('SIGKILL')
      }
      await publishing
      startIngester(folder, natsServer, clickhouseServer)
      await untilDrained(nats)
      const accounting = await readAccounting(nats, clickhouse)
      expect(accounting).toMatchObject({
        balanced: true,
        accepted: 60_000,
        stored: 60_000,
        rolledUp: 60_000,
        faults: [],
      })
    },
  )

  test('survives the death of ClickHouse and of nats-server', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    const ingester = startIngester(folder, natsServer, clickhouseServer, '--batch-age-ms', '20')
    const publishing = publishEvents(nats, 400, 100, 'servers')
    for (const server of [clickhouseServer, natsServer, clickhouseServer]) {
      await delay(150)
      await server.kill('SIGKILL')
      await server.restart()
    }
    await publishing
    await untilDrained(nats).catch((error: unknown) => {
      throw new Error(ingester.output(), { cause: error })
    })
    expect(ingester.child.exitCode).toBeNull()
    const accounting = await readAccounting(nats, clickhouse)
    expect(accounting).toMatchObject({ balanced: true, stored: 40_000, rolledUp: 40_000 })
  })

  test('rejects what is no event, with a reason each, and goes on', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    startIngester(folder, natsServer, clickhouseServer)
    const publisher = openPublisher(nats, { subject: 'logs.test', log: silent })
    const publish = async (
      id: string,
      payload: string | Buffer,
      contentType: string = formats.json.contentType,
    ) => publisher.publish(Buffer.from(payload), { id, contentType })
    const bad = [
      '{"message": "cut',
      '{"message": "x", "status_code": "abc"}',
      '{"message": "x", "timestamp": "2200-01-01T00:00:00Z"}',
      '',
      'x'.repeat(limits.lineBytesMax + 1),
    ]
    await publish('mixed', [eventLine(1), ...bad, eventLine(2)].join('\n'))
    await publish('empty', '')
    await publish('noise', Buffer.from([0, 255, 254, 1, 2, 128, 0]))
    await publish('format', 'whatever', 'text/x-unknown')
    await publish('good', eventLine(3))
    await untilDrained(nats)
    const rejected = await clickhouse.query(
      'SELECT reason, count() AS n FROM rejected_events GROUP BY reason ORDER BY reason',
    )
    expect(rejected).toEqual([
      { reason: 'empty', n: 2 },
      { reason: 'invalid_field', n: 1 },
      { reason: 'invalid_json', n: 2 },
      { reason: 'timestamp_out_of_range', n: 1 },
      { reason: 'too_long', n: 1 },
      { reason: 'unknown_format', n: 1 },
    ])
    const accounting = await readAccounting(nats, clickhouse)
    expect(accounting).toMatchObject({ balanced: true, accepted: 11, stored: 3, rejected: 8 })
  })

  test('goes on where the ledger ends when its state is lost', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    const first = startIngester(folder, natsServer, clickhouseServer)
    await publishEvents(nats, 5, 20, 'before')
    await untilDrained(nats)
    await first.stop('SIGTERM')
    await nats.manager.streams.delete('KV_PULSEHOUSE_INGEST')
    await publishEvents(nats, 5, 20, 'after')
    startIngester(folder, natsServer, clickhouseServer)
    await untilDrained(nats)
    const accounting = await readAccounting(nats, clickhouse)
    expect(accounting).toMatchObject({ balanced: true, stored: 200, rolledUp: 200 })
  })

  test('stands by while another one works, takes over within 10 s of its death, and the frozen one stands by', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    const first = startIngester(folder, natsServer, clickhouseServer)
    await untilOutput(first, 'reading the stream')
    const second = startIngester(folder, natsServer, clickhouseServer)
    await untilOutput(second, 'standing by')
    await publishEvents(nats, 3, 10, 'together')
    await untilDrained(nats)
    expect(second.output()).not.toContain('reading the stream')

    first.child.kill('SIGSTOP')
    const stoppedAtMs = performance.now()
    await publishEvents(nats, 3, 10, 'frozen')
    await untilOutput(second, 'reading the stream')
    expect(performance.now() - stoppedAtMs).toBeLessThan(10_000)
    await untilDrained(nats)
    first.child.kill('SIGCONT')
    await untilOutput(first, 'has taken the stream over')
    await publishEvents(nats, 3, 10, 'thawed')
    await untilDrained(nats)
    expect([first.child.exitCode, second.child.exitCode]).toEqual([null, null])

    await second.stop('SIGKILL')
    await publishEvents(nats, 3, 10, 'killed')
    await untilDrained(nats)
    const accounting = await readAccounting(nats, clickhouse)
    expect(accounting).toMatchObject({ balanced: true, stored: 120, faults: [] })
  })

  test('gives the stream up when it is stopped: the next one need not wait', async () => {
    const { folder, natsServer, clickhouseServer, nats } = await startStores()
    const first = startIngester(folder, natsServer, clickhouseServer)
    await untilOutput(first, 'reading the stream')
    await publishEvents(nats, 2, 10, 'stop')
    await untilDrained(nats)
    await first.stop('SIGTERM')
    const state = parseIngestState((await (await openIngestState(nats)).load()).value)
    expect(state).toMatchObject({ owner: '', committed: 2, pending: null })
    const second = startIngester(folder, natsServer, clickhouseServer)
    await untilOutput(second, 'reading the stream')
    expect(second.output()).not.toContain('standing by')
  })

  test('begins again when the stream is deleted and made anew under it', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    const ingester = startIngester(folder, natsServer, clickhouseServer)
    await publishEvents(nats, 5, 10, 'old')
    await untilDrained(nats)
    const { createdSeconds } = await readLogStreamState(nats)
    await nats.manager.streams.delete('LOGS')
    await until('the second is over', () =>
      Promise.resolve(Date.now() >= (createdSeconds + 1) * 1000 || undefined),
    )
    await ensureLogStream(nats, streamBytesMax)
    await publishEvents(nats, 8, 10, 'new')
    await untilDrained(nats)
    expect(ingester.output()).toContain('made anew')
    const rows = await clickhouse.query(
      'SELECT count() AS n, uniqExact(stream_seq) AS chunks FROM logs GROUP BY stream_created ORDER BY n',
    )
    expect(rows).toEqual([
      { n: 50, chunks: 5 },
      { n: 80, chunks: 8 },
    ])
  })
})

describe('the state', () => {
  test('does not repeat its revisions when its bucket is made anew', async () => {
    const nats = await openNats(await startNats(temporaryFolder()))
    const revisionOfFirst = async (): Promise<number> => {
      const store = await openIngestState(nats)
      const first = await store.replace({ any: 'state' }, 0)
      expect(await store.load()).toEqual({ value: { any: 'state' }, revision: first })
      expect(await store.replace({ any: 'other' }, first)).toBe(first + 1)
      await expect(store.replace({ any: 'third' }, first)).rejects.toThrow('another process has written')
      return first
    }
    const before = await revisionOfFirst()
    await nats.manager.streams.delete('KV_PULSEHOUSE_INGEST')
    expect(Math.abs((await revisionOfFirst()) - before)).toBeGreaterThan(1_000)
  })
})

describe('the accounting', () => {
  test('shows a doubled row, a lost row and a rollup that disagrees by their range', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    startIngester(folder, natsServer, clickhouseServer)
    await publishEvents(nats, 4, 25, 'audit')
    await untilDrained(nats)
    expect(await readAccounting(nats, clickhouse)).toMatchObject({ balanced: true, accepted: 100 })
    await clickhouse.command('INSERT INTO logs SELECT * FROM logs WHERE stream_seq = 2 AND event_index = 3')
    const doubled = await readAccounting(nats, clickhouse)
    expect(doubled.balanced).toBe(false)
    expect(doubled.faults[0]).toMatchObject({ kind: 'doubled' })
    await clickhouse.command('DELETE FROM logs WHERE stream_seq = 2 AND event_index = 3')
    const lost = await readAccounting(nats, clickhouse)
    expect(lost.balanced).toBe(false)
    expect(new Set(lost.faults.map(({ kind }) => kind))).toEqual(new Set(['missing', 'rollup']))
  })
})
