import { describe, expect, test } from 'vitest'
import { formats } from '@pulsehouse/events'
import {
  accountedRollups,
  createLogger,
  ensureLogStream,
  openPublisher,
  readAccounting,
  readIngestLag,
  type Clickhouse,
  type NatsLink,
} from '@pulsehouse/platform'
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
const streamBytesMax = 32 * 1024 * 1024
const startMs = Date.UTC(2026, 10, 22, 7)

/** Real servers whose ingester runs. */
async function startPipeline() {
  const folder = temporaryFolder()
  const [natsServer, clickhouseServer] = await Promise.all([startNats(folder), startClickhouseServer(folder)])
  const [clickhouse, nats] = await Promise.all([
    openMigratedClickhouse(clickhouseServer),
    openNats(natsServer),
  ])
  await ensureLogStream(nats, streamBytesMax)
  const ingester = startIngester(folder, natsServer, clickhouseServer)
  return { clickhouse, nats, ingester }
}

/** Two events a minute; every rollup has rows of every second minute's, the ones of a part of the events included. */
function eventLine(index: number): string {
  const shop = { product_id: `p${index % 5}`, cart_size: 3, checkout_status: 'pending', status_code: 404 }
  return JSON.stringify({
    timestamp: new Date(startMs + index * 30_000).toISOString(),
    level: 'INFO',
    service: `service-${index % 3}`,
    session_id: index % 4 === 3 ? undefined : `session-${index % 7}`,
    url: `/products/${index}`,
    response_time: index % 100,
    ...(index % 4 < 2 ? shop : { status_code: 200 }),
  })
}

async function publish(nats: NatsLink, run: string, events: number): Promise<void> {
  const publisher = openPublisher(nats, { subject: 'logs.test', log: silent })
  const lines = Array.from({ length: events }, (_, index) => eventLine(index))
  await publisher.publish(Buffer.from(lines.join('\n')), {
    id: run,
    contentType: formats.json.contentType,
  })
}

async function untilStored(nats: NatsLink): Promise<void> {
  await until('everything is stored', async () => {
    const { chunks, lastSeq } = await readIngestLag(nats, Date.now())
    return (lastSeq > 0 && chunks === 0) || undefined
  })
}

/** The tables that materialized views fill, as ClickHouse has them. */
async function viewTargets(clickhouse: Clickhouse): Promise<string[]> {
  const rows = await clickhouse.query<{ target: string }>(
    `SELECT DISTINCT extract(create_table_query, ' TO pulsehouse\\\\.(\\\\w+)') AS target
     FROM system.tables WHERE database = 'pulsehouse' AND engine = 'MaterializedView' ORDER BY target`,
  )
  return rows.map(({ target }) => target)
}

describe('the accounting of rollups', () => {
  test('counts the target of every view that there is', async () => {
    const clickhouse = await openMigratedClickhouse(await startClickhouseServer(temporaryFolder()))
    const accounted = accountedRollups.map(({ table }) => table)
    expect(accounted.toSorted()).toEqual(await viewTargets(clickhouse))
  })

  test('holds each of them to the raw rows, and says where it misses or repeats some', async () => {
    const { clickhouse, nats } = await startPipeline()
    await publish(nats, 'first', 240)
    await untilStored(nats)
    const sound = await readAccounting(nats, clickhouse)
    expect(sound).toMatchObject({ balanced: true, stored: 240, rolledUp: 240, faults: [] })
    const counted = Object.fromEntries(sound.rollups.map(({ table, counted: events }) => [table, events]))
    expect(counted).toMatchObject({ sessions: 180, security_by_minute: 120, carts_by_minute: 120 })
    expect(sound.rollups.every(({ counted: events, expected }) => events === expected && events > 0)).toBe(
      true,
    )

    const step = (time: string): string => (time === 'hour' ? '2026-11-22 08:00:00' : '2026-11-22 07:10:00')
    for (const { table, time } of accountedRollups) {
      await clickhouse.command(
        `INSERT INTO ${table} SELECT * FROM ${table} WHERE ${time} = '${step(time)}' SETTINGS insert_deduplicate = 0, deduplicate_blocks_in_dependent_materialized_views = 0`,
      )
    }
    const doubled = await readAccounting(nats, clickhouse)
    expect(doubled.balanced).toBe(false)
    // What is doubled in a rollup flows on into those that are made from it.
    for (const { table } of accountedRollups) {
      const fault = doubled.faults.find(({ detail }) => detail.startsWith(`${table} has too many`))
      expect(fault, table).toMatchObject({ kind: 'rollup', range: null })
      expect(fault?.times?.first, table).toMatch(/^2026-11-22T0(?:7:10|7:00|8:00):00Z$/)
    }
    const carts = doubled.faults.find(({ detail }) => detail.startsWith('carts_by_minute'))
    expect(carts).toMatchObject({
      detail: 'carts_by_minute has too many: 2 events in 1 minute',
      times: { first: '2026-11-22T07:10:00Z', last: '2026-11-22T07:10:00Z' },
    })

    for (const { table } of accountedRollups) await clickhouse.command(`TRUNCATE TABLE ${table}`)
    const missing = await readAccounting(nats, clickhouse)
    expect(missing.rolledUp).toBe(0)
    expect(missing.faults).toHaveLength(accountedRollups.length)
    expect(missing.faults).toContainEqual({
      kind: 'rollup',
      range: null,
      times: { first: '2026-11-22T07:00:00Z', last: '2026-11-22T08:58:00Z' },
      detail: 'carts_by_minute misses 120 events in 60 minutes',
    })
  })

  test('never blames what is under way', async () => {
    const { clickhouse, nats, ingester } = await startPipeline()
    const publishing = (async () => {
      for (let run = 0; run < 40; run += 1) await publish(nats, `load-${run}`, 1_000)
      return 'published' as const
    })()
    let accounts = 0
    for (let state: string = 'publishing'; state !== 'published';) {
      const account = await readAccounting(nats, clickhouse)
      expect(account.faults).toEqual([])
      expect(account.balanced).toBe(true)
      accounts += 1
      state = await Promise.race([publishing, Promise.resolve('publishing' as const)])
    }
    expect(accounts).toBeGreaterThan(0)
    await untilStored(nats)
    expect(ingester.child.exitCode).toBeNull()
    expect(await readAccounting(nats, clickhouse)).toMatchObject({
      balanced: true,
      stored: 40_000,
      rolledUp: 40_000,
    })
  })
})
