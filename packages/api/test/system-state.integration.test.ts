import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectClickhouse, ensureLogStream, type Clickhouse } from '@pulsehouse/platform'
import type { Api } from '../src/api.js'
import type { Load, Verdict } from '../src/system/verdict.js'
import { appOf, ask, nowMs, type ProblemBody } from './support/app.js'
import { insertRows, seededRandom, type Row } from './support/rows.js'
import {
  startMigratedClickhouse,
  startNats,
  type MigratedClickhouse,
  type StartedNats,
} from './support/stack.js'

interface Span {
  from: string
  to: string
  now: Load
  before: Load
}
interface State {
  verdict: Verdict
  reasons: string[]
  five_minutes: Span
  hour: Span
  services: { service: string | null; verdict: Verdict; reasons: string[]; now: Load; before: Load }[]
  servers: {
    server: string
    events: number
    events_per_second: number
    share: number
    error_ratio: number
    response_time_p95: number
  }[]
  freshness: { newest_received: string | null; seconds: number | null }
  lag: { chunks: number; seconds: number }
  storage: { table: string; rows: number; bytes: number; parts: number }[]
}

const random = seededRandom(31)
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
/** The last whole minute of the tests' clock, microseconds. */
const end = Math.floor(nowMs / 60_000) * 60e6
const minute = 60_000_000

/** Two hours of traffic; in the last five minutes the shop's payments fail. */
function rowOf(index: number): Row {
  const at = end - Math.floor(random() * 125 * minute) + 30_000_000
  const service = pick(['web', 'web', 'checkout', 'search'])
  const failing = service === 'checkout' && at >= end - 5 * minute
  return {
    timestampMicros: at,
    level: random() < (failing ? 0.7 : 0.01) ? 'ERROR' : 'INFO',
    attributes: {},
    streamCreatedSeconds: 1_770_000_000,
    streamSeq: Math.floor(index / 100),
    eventIndex: index % 100,
    service,
    server_ip: pick(['10.0.0.1', '10.0.0.2', '10.0.0.2']),
    response_time: Math.fround(20 + random() * 100),
    user_id: `user_${Math.floor(random() * 300)}`,
  }
}

const rows = Array.from({ length: 12_500 }, (_, index) => rowOf(index))
let stack: MigratedClickhouse
let queue: StartedNats
let viewer: Clickhouse
let app: Api

beforeAll(async () => {
  ;[stack, queue] = await Promise.all([startMigratedClickhouse(), startNats()])
  await ensureLogStream(queue.nats, 8 * 1024 * 1024)
  // As the user who may only read, because that is whom the API asks as.
  viewer = connectClickhouse({ url: stack.url.replace('://', '://viewer@'), application: 'test' })
  app = appOf({ clickhouse: viewer, nats: queue.nats })
})
afterAll(async () => {
  await viewer.close()
  await Promise.all([stack.close(), queue.close()])
})

async function state(of: Api = app): Promise<State> {
  const { status, body } = await ask<State>(of, '/v1/system/state')
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

function within(fromMinutes: number, toMinutes: number, keep: (row: Row) => boolean = () => true): Row[] {
  const [from, to] = [end + fromMinutes * minute, end + toMinutes * minute]
  return rows.filter((row) => row.timestampMicros >= from && row.timestampMicros < to && keep(row))
}

function expectLoad(actual: Load, members: readonly Row[], minutes: number): void {
  const errors = members.filter(({ level }) => level === 'ERROR').length
  const { response_time_p95: p95, ...exact } = actual
  expect(exact).toEqual({
    events: members.length,
    events_per_second: members.length / (minutes * 60),
    error_ratio: errors / members.length,
    users: new Set(members.map(({ user_id: user }) => user)).size,
  })
  const times = members.map(({ response_time: time }) => time ?? 0).toSorted((a, b) => a - b)
  const place = 0.95 * (times.length - 1)
  expect(p95).toBeGreaterThanOrEqual((times[Math.floor(place) - 1] ?? 0) * 0.99)
  expect(p95).toBeLessThanOrEqual((times[Math.ceil(place) + 1] ?? Infinity) * 1.01)
}

test('nothing yet is well, and zeros', async () => {
  const { verdict, reasons, services, servers, freshness, five_minutes: five } = await state()
  expect([verdict, reasons, services, servers]).toEqual(['ok', [], [], []])
  expect(freshness).toEqual({ newest_received: null, seconds: null })
  const nothing = { events: 0, events_per_second: 0, error_ratio: null, response_time_p95: null, users: 0 }
  expect(five).toEqual({
    from: '2026-03-01T11:55:00Z',
    to: '2026-03-01T12:00:00Z',
    now: nothing,
    before: nothing,
  })
})

test('the state of traffic in which one service fails', async () => {
  await insertRows(stack.url, rows.slice(0, 6_000))
  await insertRows(stack.url, rows.slice(6_000))
  await stack.clickhouse.command(`INSERT INTO batches
    (received_day, stream_created, first_seq, last_seq, chunks, accepted, stored, rejected, received_at, inserted_at) VALUES
    (today(), 0, 1, 1, 1, 10, 9, 1, '2026-03-01 12:00:10.000000', '2026-03-01 12:00:10.500000')`)
  const found = await state()
  expect(found.verdict).toBe('degraded')
  expect(found.reasons).toContainEqual(expect.stringMatching(/^checkout: .*% of the events are errors/))
  expectLoad(found.five_minutes.now, within(-5, 0), 5)
  expectLoad(found.five_minutes.before, within(-10, -5), 5)
  expectLoad(found.hour.now, within(-60, 0), 60)
  expectLoad(found.hour.before, within(-120, -60), 60)
  expect(found.services.map(({ service, verdict }) => [service, verdict])[0]).toEqual(['checkout', 'down'])
  expect(new Set(found.services.map(({ service }) => service))).toEqual(
    new Set(['checkout', 'search', 'web']),
  )
  for (const { service, now, before } of found.services) {
    expectLoad(
      now,
      within(-5, 0, (row) => row.service === service),
      5,
    )
    expectLoad(
      before,
      within(-10, -5, (row) => row.service === service),
      5,
    )
  }
})

test('servers, freshness and storage', async () => {
  const { servers, freshness, storage } = await state()
  const last = within(-5, 0)
  expect(servers.map(({ server }) => server)).toEqual(['10.0.0.2', '10.0.0.1'])
  for (const { server, events, share, error_ratio: ratio, events_per_second: rate } of servers) {
    const own = last.filter((row) => row.server_ip === server)
    const errors = own.filter(({ level }) => level === 'ERROR').length
    expect([events, share, rate]).toEqual([own.length, own.length / last.length, own.length / 300])
    expect(ratio).toBe(errors / own.length)
  }
  expect(freshness).toEqual({ newest_received: '2026-03-01T12:00:10.000000Z', seconds: 20 })
  const logs = storage.find(({ table }) => table === 'logs')
  expect(logs?.rows).toBe(rows.length)
  expect(logs?.bytes).toBeGreaterThan(rows.length)
  expect(storage.map(({ table }) => table)).toEqual(expect.arrayContaining(['batches', 'services_by_minute']))
})

test('silence after traffic is down', async () => {
  const later = appOf({ clickhouse: viewer, nats: queue.nats, nowMs: () => nowMs + 20 * 60_000 })
  const { verdict, reasons, freshness } = await state(later)
  expect(verdict).toBe('down')
  expect(reasons[0]).toMatch(/^All services: no event in the last 5 minutes, and \d+ in the last hour\.$/)
  expect(freshness.seconds).toBe(1_220)
})

test('events that wait for long are down', async () => {
  await queue.nats.jetstream.publish('logs.test', '{"a":1}')
  // The clock of the queue is the machine's: the present lies ten minutes after it.
  const present = Date.now() + 600_000
  const { verdict, reasons, lag } = await state(
    appOf({ clickhouse: viewer, nats: queue.nats, nowMs: () => present }),
  )
  expect([verdict, lag.chunks]).toEqual(['down', 1])
  expect(reasons).toEqual([expect.stringMatching(/^The ingester is behind: .* 60\d s to be stored\.$/)])
})

test('a part that does not answer is no state', async () => {
  const other = await startNats()
  try {
    const alone = appOf({ clickhouse: viewer, nats: other.nats })
    const { status, body } = await ask<ProblemBody>(alone, '/v1/system/state')
    expect([status, body.detail]).toEqual([503, expect.stringContaining('There is no stream LOGS')])
  } finally {
    await other.close()
  }
  expect((await ask(appOf({ nats: queue.nats }), '/v1/system/state')).status).toBe(503)
})

test('takes no parameters', async () => {
  const { status, body } = await ask<ProblemBody>(app, '/v1/system/state', { verbose: '1' })
  expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'verbose'])
})
