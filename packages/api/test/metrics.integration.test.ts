import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formats } from '@pulsehouse/events'
import { ensureLogStream, openPublisher, type ApiKey } from '@pulsehouse/platform'
import type { Api } from '../src/api.js'
import { appOf, bearer, knownKeys } from './support/app.js'
import {
  silent,
  startMigratedClickhouse,
  startNats,
  type MigratedClickhouse,
  type StartedNats,
} from './support/stack.js'

let stack: MigratedClickhouse
let queue: StartedNats

beforeAll(async () => {
  ;[stack, queue] = await Promise.all([startMigratedClickhouse(), startNats()])
  await ensureLogStream(queue.nats, 8 * 1024 * 1024)
  const publisher = openPublisher(queue.nats, { subject: 'logs.test', log: silent })
  const head = { contentType: formats.json.contentType }
  await publisher.publish(Buffer.from('{"message":"a"}\n{"message":"b"}'), { id: '1', ...head })
  await publisher.publish(Buffer.from('{"message":"c"}'), { id: '2', ...head })
})
afterAll(async () => {
  await Promise.all([stack.close(), queue.close()])
})

const sample = /^([a-z_]+)(\{[a-z]+="[a-z_]+"\})? (-?[\d.]+(?:e[+-]?\d+)?)$/

/** What a scraper reads: every sample under its name and labels. It fails on what is no line of the format. */
async function scrape(app: Api): Promise<Map<string, number>> {
  const response = await app.request('/metrics')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const lines = (await response.text()).trimEnd().split('\n')
  const described = lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2])
  expect(new Set(described).size).toBe(described.length)
  const samples = lines
    .filter((line) => !line.startsWith('# '))
    .map((line): [string, number] => {
      const [, name = '', labels = '', value] = sample.exec(line) ?? []
      expect(described, line).toContain(name)
      return [`${name}${labels}`, Number(value)]
    })
  return new Map(samples)
}

describe('GET /metrics', () => {
  test('tells the accounting and the lag', async () => {
    const app = appOf({ clickhouse: stack.clickhouse, nats: queue.nats, nowMs: Date.now })
    const metrics = Object.fromEntries(await scrape(app))
    expect(metrics).toMatchObject({
      'pulsehouse_up{part="queue"}': 1,
      'pulsehouse_up{part="tables"}': 1,
      'pulsehouse_up{part="accounting"}': 1,
      pulsehouse_lag_chunks: 2,
      pulsehouse_accepted_chunks_total: 2,
      pulsehouse_committed_chunks_total: 0,
      pulsehouse_accepted_events: 3,
      pulsehouse_pending_events: 3,
      pulsehouse_stored_events: 0,
      pulsehouse_rejected_events: 0,
      pulsehouse_accounting_balanced: 1,
      'pulsehouse_accounting_faults{kind="rollup"}': 0,
      'pulsehouse_rollup_events{table="stats_by_minute"}': 0,
      'pulsehouse_rollup_expected_events{table="sessions"}': 0,
    })
    expect(metrics['pulsehouse_lag_seconds']).toBeGreaterThan(0)
    // Nothing is stored, so nothing was the newest: that is not the year 1970.
    expect(metrics).not.toHaveProperty('pulsehouse_last_committed_timestamp_seconds')
  })

  test('reads the queue for each scrape and the accounting once a minute', async () => {
    const clock = { nowMs: Date.now() }
    const app = appOf({ clickhouse: stack.clickhouse, nats: queue.nats, nowMs: () => clock.nowMs })
    const madeAt = async () => (await scrape(app)).get('pulsehouse_accounting_timestamp_seconds')
    const first = await madeAt()
    clock.nowMs += 15_000
    const later = await scrape(app)
    expect(later.get('pulsehouse_accounting_timestamp_seconds')).toBe(first)
    expect(later.get('pulsehouse_lag_seconds')).toBeGreaterThan(14)
    clock.nowMs += 45_000
    expect(await madeAt()).toBe(clock.nowMs / 1000)
  })

  test('says what it does not know, instead of a zero', async () => {
    const gone = appOf({ nats: queue.nats, nowMs: Date.now })
    const metrics = await scrape(gone)
    expect(metrics.get('pulsehouse_up{part="queue"}')).toBe(1)
    expect(metrics.get('pulsehouse_up{part="tables"}')).toBe(0)
    expect(metrics.get('pulsehouse_up{part="accounting"}')).toBe(0)
    expect([...metrics.keys()].filter((name) => /_events|_faults|_balanced/.test(name))).toEqual([])
    const silentQueue = await scrape(appOf({ clickhouse: stack.clickhouse }))
    expect(silentQueue.get('pulsehouse_up{part="queue"}')).toBe(0)
    expect(silentQueue.has('pulsehouse_lag_chunks')).toBe(false)
  })

  test('needs a key that may read', async () => {
    const sender: ApiKey = { id: 's', name: 'sender', roles: ['ingest'], createdAt: '', createdBy: 'test' }
    const key = `ph_${'s'.repeat(43)}`
    const app = appOf({ keys: knownKeys({ [key]: sender }) })
    expect((await app.request('/metrics', { headers: bearer(key) })).status).toBe(403)
    expect((await app.request('/metrics?x=1')).status).toBe(400)
  })
})
