import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createProtection, formats, limits } from '@pulsehouse/events'
import { BatchEncoder, chunkGroupOf, insertBatch } from '@pulsehouse/ingester'
import {
  createLogger,
  openBlockInserter,
  openPublisher,
  readAccounting,
  type Chunk,
} from '@pulsehouse/platform'
import {
  eventLine,
  publishEvents,
  startStores,
  untilDrained,
  untilOutput,
} from './support/delivery-stores.js'
import { openMigratedClickhouse, startClickhouseServer, startIngester } from './support/servers.js'
import { temporaryFolder } from './support/temporary-folder.js'
import { until } from './support/until.js'

const silent = createLogger('test', 'silent')
const protection = createProtection('pseudonyms', 'a'.repeat(64))

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

describe('a batch that is inserted again', () => {
  test('changes nothing, in no table and no rollup', async () => {
    const folder = temporaryFolder()
    const server = await startClickhouseServer(folder)
    const clickhouse = await openMigratedClickhouse(server)
    const inserter = openBlockInserter(server.url)
    const lines = Array.from({ length: 500 }, (_, index) => eventLine(index))
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const group = chunkGroupOf([chunkOf(1, [...lines, '{broken']), chunkOf(2, lines)])
      const batch = new BatchEncoder(protection).encode(group, 1_700_000_000)
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
      const group = chunkGroupOf([
        chunkOf(5, [eventLine(1), 'noise', eventLine(2)]),
        chunkOf(6, [eventLine(3)]),
      ])
      const batch = new BatchEncoder(protection).encode(group, 1_700_000_000)
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

  test('keeps every batch that is made while an insert is tried again and again', async () => {
    const { folder, natsServer, clickhouseServer, clickhouse, nats } = await startStores()
    const ingester = startIngester(folder, natsServer, clickhouseServer, '--batch-rows', '10')
    await publishEvents(nats, 1, 10, 'before')
    await untilDrained(nats)
    await clickhouseServer.kill('SIGKILL')
    await publishEvents(nats, 1, 10, 'waits')
    const tries = (): number => ingester.output().split('sending the same batch again').length - 1
    await until('the insert has been tried again', () => Promise.resolve(tries() >= 2 ? true : undefined))
    for (const run of ['next', 'after next', 'last']) {
      await publishEvents(nats, 1, 10, run)
      await delay(200)
    }
    await clickhouseServer.restart()
    await untilDrained(nats)
    expect(await readAccounting(nats, clickhouse)).toMatchObject({ balanced: true, stored: 50 })
    expect(ingester.output()).not.toContain('would be lost')
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
