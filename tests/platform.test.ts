import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { formats } from '@pulsehouse/events'
import {
  applyRetention,
  connectClickhouse,
  createLogger,
  ensureLogStream,
  migrate,
  NativeBlock,
  openBlockInserter,
  openPublisher,
  openStateStore,
  purgeLogStream,
  readLogStream,
  readMigrations,
  StateConflict,
  type Publisher,
} from '@pulsehouse/platform'
import { openMigratedClickhouse, openNats, startClickhouseServer, startNats } from './support/servers.js'
import { temporaryFolder } from './support/temporary-folder.js'

const silent = createLogger('test', 'silent')

async function publishAll(publisher: Publisher, payload: Buffer, ids: readonly string[]): Promise<number[]> {
  const seqs: number[] = []
  for (const id of ids)
    seqs.push(await publisher.publish(payload, { id, contentType: formats.json.contentType }))
  return seqs
}

describe('a Native block', () => {
  test('comes back from ClickHouse as it was written, in every type', async () => {
    const server = await startClickhouseServer(temporaryFolder())
    const clickhouse = await openMigratedClickhouse(server)
    await clickhouse.command(`
      CREATE TABLE types (s String, lc LowCardinality(String), u16 UInt16, u32 UInt32, u64 UInt64, d Date, t DateTime('UTC'),
        t6 DateTime64(6, 'UTC'), f Nullable(Float32), n Nullable(UInt32), m Map(LowCardinality(String), String))
      ENGINE = MergeTree ORDER BY u64 SETTINGS non_replicated_deduplication_window = 10`)
    interface Row {
      text?: string
      number?: number
      map?: Record<string, string>
    }
    const rows: Row[] = [
      { text: 'é€😀\n"\\\0', number: 65_535, map: { a: '1', 'ü.b': '' } },
      {},
      { text: 'x'.repeat(70_000), number: 0, map: {} },
    ]
    const block = new NativeBlock<Row>([
      { name: 's', type: 'String', value: (row) => row.text },
      { name: 'lc', type: 'String', value: (row) => row.text?.slice(0, 5) },
      { name: 'u16', type: 'UInt16', value: (row) => row.number },
      { name: 'u32', type: 'UInt32', value: (row) => row.number },
      {
        name: 'u64',
        type: 'UInt64',
        value: (row) => (row.number === undefined ? 1 : Number.MAX_SAFE_INTEGER - row.number),
      },
      { name: 'd', type: 'Date', value: (row) => row.number },
      { name: 't', type: 'DateTime', value: (row) => row.number },
      { name: 't6', type: 'DateTime64(6)', value: (row) => (row.number === 0 ? -1 : 1_790_000_000_123_456) },
      { name: 'f', type: 'Nullable(Float32)', value: (row) => row.number },
      { name: 'n', type: 'Nullable(UInt32)', value: (row) => row.number },
      { name: 'm', type: 'Map(String, String)', value: (row) => row.map },
    ])
    for (const row of rows) block.add(row)
    const inserter = openBlockInserter(server.url)
    await inserter.insert('types', block, 'token')
    inserter.close()
    const stored = await clickhouse.query(
      'SELECT s, lc, u16, u32, toString(u64) AS u64, d, t, toString(t6) AS t6, f, n, m FROM types ORDER BY length(s)',
    )
    const [empty, short, long] = stored as Record<string, unknown>[]
    expect(empty).toMatchObject({ s: '', lc: '', u16: 0, u64: '1', d: '1970-01-01', f: null, n: null, m: {} })
    expect(short).toMatchObject({
      s: rows[0]?.text,
      u16: 65_535,
      u64: String(Number.MAX_SAFE_INTEGER - 65_535),
      t6: '2026-09-21 14:13:20.123456',
      f: 65_535,
      n: 65_535,
      m: rows[0]?.map,
    })
    expect(long).toMatchObject({ s: rows[2]?.text, t6: '1969-12-31 23:59:59.999999', n: 0 })
  })
})

describe('the migrator', () => {
  test('applies what is new, once, and refuses a history that has changed', async () => {
    const folder = temporaryFolder()
    const server = await startClickhouseServer(folder)
    const clickhouse = connectClickhouse({ url: server.url, application: 'test', database: 'default' })
    const files = join(folder, 'migrations')
    mkdirSync(files)
    const write = (name: string, sql: string): void => writeFileSync(join(files, name), sql)
    write('0001_one.sql', '-- why; because\nCREATE TABLE pulsehouse.one (a Int8) ENGINE = Memory;\n')
    expect(await migrate(clickhouse, readMigrations(files))).toEqual(['one'])
    write(
      '0002_two.sql',
      'CREATE TABLE pulsehouse.two (a Int8) ENGINE = Memory;\nINSERT INTO pulsehouse.two VALUES (1);\n',
    )
    expect(await migrate(clickhouse, readMigrations(files))).toEqual(['two'])
    expect(await migrate(clickhouse, readMigrations(files))).toEqual([])
    expect(await clickhouse.query('SELECT count() AS n FROM pulsehouse.two')).toEqual([{ n: 1 }])
    write('0001_one.sql', '-- changed')
    await expect(migrate(clickhouse, readMigrations(files))).rejects.toThrow('Migration one has changed')
    write('0004_four.sql', 'SELECT 1')
    expect(() => readMigrations(files)).toThrow('numbered without gaps')
    await clickhouse.close()
  })

  test('fills a new rollup with what is there, and again when it was cut off', async () => {
    const server = await startClickhouseServer(temporaryFolder())
    const clickhouse = connectClickhouse({ url: server.url, application: 'test', database: 'default' })
    const all = readMigrations(join(import.meta.dirname, '../clickhouse/migrations'))
    const older = all.findIndex(({ name }) => name === 'services_by_minute')
    // What comes later takes columns away, and no migration before it runs again then.
    const before = all.slice(
      0,
      all.findIndex(({ name }) => name === 'endpoints_without_people'),
    )
    await migrate(clickhouse, all.slice(0, older))
    await clickhouse.command(
      `INSERT INTO pulsehouse.logs (received_day, timestamp, service, session_id, action, status_code)
       SELECT today() - number % 3, now() - number, 'web', toString(number % 7), 'login', 401 FROM numbers(1000)`,
    )
    const rollups = [
      'services_by_minute',
      'totals_by_minute',
      'services_by_hour',
      'endpoints_by_minute',
      'totals_by_hour',
      'stats_by_hour',
      'facets_by_minute',
      'facets_by_hour',
      'sessions',
    ]
    for (const migrations of [before, before, all]) {
      await migrate(clickhouse, migrations)
      for (const table of [...rollups, 'security_by_minute']) {
        const facets = table.startsWith('facets') ? 'uniqExact(facet)' : '1'
        const [row] = await clickhouse.query<{ events: number }>(
          `SELECT sum(events) / ${facets} AS events FROM pulsehouse.${table}`,
        )
        expect(row?.events, table).toBe(1000)
      }
      await clickhouse.command(
        `ALTER TABLE pulsehouse.migrations DELETE WHERE version > ${older} SETTINGS mutations_sync = 1`,
      )
      await clickhouse.command('DROP TABLE pulsehouse.sessions_view')
    }
    await clickhouse.close()
  })

  test('sets the retention by arrival, and again only when it changes', async () => {
    const clickhouse = await openMigratedClickhouse(await startClickhouseServer(temporaryFolder()))
    await applyRetention(clickhouse, 90)
    const kept = await clickhouse.query<{ name: string; ttl: string }>(
      "SELECT name, extract(create_table_query, 'TTL received_day \\\\+ (\\\\w+\\\\(\\\\d+\\\\))') AS ttl FROM system.tables WHERE database = 'pulsehouse' AND engine LIKE '%MergeTree' AND create_table_query LIKE '%received_day%'",
    )
    expect(kept.length).toBeGreaterThan(4)
    for (const { name, ttl } of kept)
      expect(ttl, name).toBe(name.endsWith('_by_hour') ? 'toIntervalMonth(13)' : 'toIntervalDay(90)')
    await applyRetention(clickhouse, 90)
    // An event of long ago that arrives today stays.
    await clickhouse.command(
      "INSERT INTO logs (received_day, timestamp) VALUES (today(), '1999-01-01 00:00:00')",
    )
    await clickhouse.command('INSERT INTO logs (received_day, timestamp) VALUES (today() - 91, now64(6))')
    await clickhouse.command('OPTIMIZE TABLE logs FINAL')
    expect(await clickhouse.query('SELECT toYear(timestamp) AS year FROM logs')).toEqual([{ year: 1999 }])
  })
})

describe('the state store', () => {
  test('lets only the one who has seen the latest write', async () => {
    const nats = await openNats(await startNats(temporaryFolder()))
    const one = await openStateStore(nats, 'BUCKET', 'key')
    const other = await openStateStore(nats, 'BUCKET', 'key')
    expect(await one.load()).toEqual({ value: undefined, revision: 0 })
    const revision = await one.replace({ a: 1 }, 0)
    await expect(other.replace({ b: 1 }, 0)).rejects.toThrow(StateConflict)
    expect(await other.load()).toEqual({ value: { a: 1 }, revision })
    await other.replace({ b: 2 }, revision)
    await expect(one.replace({ a: 3 }, revision)).rejects.toThrow(StateConflict)
  })
})

describe('the queue', () => {
  test('keeps what it has when it is full; the publisher waits and goes on', async () => {
    const nats = await openNats(await startNats(temporaryFolder()))
    await ensureLogStream(nats, 1024 * 1024)
    const publisher = openPublisher(nats, { subject: 'logs.test', log: silent })
    const payload = Buffer.alloc(200 * 1024, 'x')
    expect(await publishAll(publisher, payload, ['a', 'b', 'c', 'd'])).toEqual([1, 2, 3, 4])
    const more = publishAll(publisher, payload, ['e', 'f'])
    expect(await Promise.race([more, delay(500, 'still waiting')])).toBe('still waiting')
    await purgeLogStream(nats, 3)
    expect(await more).toEqual([5, 6])
  })

  test('gives every chunk once and in order, from any place, with its headers', async () => {
    const nats = await openNats(await startNats(temporaryFolder()))
    await ensureLogStream(nats, 16 * 1024 * 1024)
    const publisher = openPublisher(nats, { subject: 'logs.test', log: silent })
    for (let index = 1; index <= 300; index += 1) {
      const head = { id: String(index % 250), contentType: formats.pipe.contentType, timeShiftMicros: -index }
      await publisher.publish(Buffer.from(String(index)), head)
    }
    const seen: string[] = []
    const reading = await readLogStream(nats, 200)
    for await (const chunk of reading) {
      seen.push(
        `${chunk.seq} ${Buffer.from(chunk.payload).toString()} ${chunk.timeShiftMicros} ${chunk.contentType}`,
      )
      if (chunk.pending === 0) break
    }
    reading.stop()
    // The ids 1 to 50 came twice: the server took them once.
    expect(seen).toHaveLength(51)
    expect(seen[0]).toBe(`200 200 -200 ${formats.pipe.contentType}`)
    expect(seen.at(-1)).toBe(`250 250 -250 ${formats.pipe.contentType}`)
  })

  test('takes a chunk once that is sent again when the server has forgotten its identity', async () => {
    const server = await startNats(temporaryFolder())
    const nats = await openNats(server)
    await ensureLogStream(nats, 16 * 1024 * 1024)
    const { config } = await nats.manager.streams.info('LOGS')
    await nats.manager.streams.update('LOGS', { ...config, duplicate_window: 100 * 1e6 })
    const [payload, id] = [Buffer.from('{}'), 'whose answer was lost']
    const once = openPublisher(nats, { subject: 'logs.test', log: silent })
    expect(await publishAll(once, payload, ['a', id, 'b'])).toEqual([1, 2, 3])
    await delay(300)
    const again = async (searchAfterMs?: number): Promise<number[]> => {
      await server.kill('SIGKILL')
      const publisher = openPublisher(nats, {
        subject: 'logs.test',
        log: silent,
        ...(searchAfterMs === undefined ? {} : { searchAfterMs }),
      })
      const published = publishAll(publisher, payload, [id])
      await delay(500)
      await server.restart()
      return await published
    }
    expect(await again(400)).toEqual([2])
    // A publisher that does not look for it would publish it a second time.
    expect(await again()).toEqual([4])
  })

  test('a stream that would delete unread chunks is refused', async () => {
    const nats = await openNats(await startNats(temporaryFolder()))
    await nats.manager.streams.add({ name: 'LOGS', subjects: ['logs.>'] })
    await expect(ensureLogStream(nats, 1024 * 1024)).rejects.toThrow('must be file, limits, discard new')
  })
})
