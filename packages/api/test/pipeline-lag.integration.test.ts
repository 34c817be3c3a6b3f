import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureLogStream, openIngestState, type IngestState } from '@pulsehouse/platform'
import type { Api } from '../src/api.js'
import { appOf, ask, nowMs, type ProblemBody } from './support/app.js'
import {
  startMigratedClickhouse,
  startNats,
  type MigratedClickhouse,
  type StartedNats,
} from './support/stack.js'

interface Lag {
  chunks: number
  seconds: number
  committed_seq: number
  last_seq: number
}
interface Delays {
  data: {
    time: string
    batches: number
    stored: number
    rejected: number
    delay_mean: number
    delay_max: number
  }[]
  from: string
  to: string
}

let stack: MigratedClickhouse
let queue: StartedNats
let streamCreated: string

beforeAll(async () => {
  ;[stack, queue] = await Promise.all([startMigratedClickhouse(), startNats()])
  streamCreated = (await ensureLogStream(queue.nats, 8 * 1024 * 1024)).created
})
afterAll(async () => {
  await Promise.all([stack.close(), queue.close()])
})

function appAt(present: number): Api {
  return appOf({ clickhouse: stack.clickhouse, nats: queue.nats, nowMs: () => present })
}

async function commit(committed: number): Promise<void> {
  const store = await openIngestState(queue.nats)
  const state: IngestState = { streamCreated, owner: 'test', committed, pending: null }
  await store.replace(state, (await store.load()).revision)
}

describe('GET /v1/pipeline/lag', () => {
  test('counts what waits, from the first chunk to the last', async () => {
    const empty = await ask<Lag>(appAt(Date.now()), '/v1/pipeline/lag')
    expect([empty.status, empty.body]).toEqual([
      200,
      { chunks: 0, seconds: 0, committed_seq: 0, last_seq: 0 },
    ])
    for (const line of ['{"a":1}', '{"a":2}', '{"a":3}']) {
      await queue.nats.jetstream.publish('logs.test', line)
    }
    const waiting = await ask<Lag>(appAt(Date.now() + 60_000), '/v1/pipeline/lag')
    expect(waiting.body).toMatchObject({ chunks: 3, committed_seq: 0, last_seq: 3 })
    expect(waiting.body.seconds).toBeGreaterThanOrEqual(60)
    expect(waiting.body.seconds).toBeLessThan(120)
    await commit(2)
    expect((await ask<Lag>(appAt(Date.now()), '/v1/pipeline/lag')).body).toMatchObject({
      chunks: 1,
      committed_seq: 2,
    })
    await commit(3)
    const done = await ask<Lag>(appAt(Date.now()), '/v1/pipeline/lag')
    expect(done.body).toEqual({ chunks: 0, seconds: 0, committed_seq: 3, last_seq: 3 })
  })

  test('a chunk that was cleared away meanwhile waits no longer', async () => {
    await queue.nats.manager.streams.purge('LOGS', { seq: 4 })
    await queue.nats.jetstream.publish('logs.test', '{"a":4}')
    await queue.nats.manager.streams.purge('LOGS', { seq: 5 })
    const { status, body } = await ask<Lag>(appAt(Date.now()), '/v1/pipeline/lag')
    expect([status, body]).toEqual([200, { chunks: 1, seconds: 0, committed_seq: 3, last_seq: 4 }])
  })

  test('without a stream there is no lag to tell', async () => {
    const other = await startNats()
    try {
      const { status, body } = await ask<ProblemBody>(appOf({ nats: other.nats }), '/v1/pipeline/lag')
      expect([status, body.detail]).toEqual([503, expect.stringContaining('There is no stream LOGS')])
    } finally {
      await other.close()
    }
  })
})

describe('GET /v1/pipeline/delays', () => {
  test('tells the batches of each minute', async () => {
    // Two batches in one minute, one before midnight in UTC, and one that was inserted by a clock that lags behind.
    // Retention goes by the day of arrival: whatever the batches are dated, they arrive today.
    await stack.clickhouse.command(`INSERT INTO batches
      (received_day, stream_created, first_seq, last_seq, chunks, accepted, stored, rejected, received_at, inserted_at) VALUES
      (today(), 0, 1, 1, 1, 10, 9, 1, '2026-03-01 11:58:10.000000', '2026-03-01 11:58:10.500000'),
      (today(), 0, 2, 2, 1, 5, 5, 0, '2026-03-01 11:58:20.000000', '2026-03-01 11:58:21.500000'),
      (today(), 0, 3, 3, 1, 7, 7, 0, '2026-02-28 23:59:58.000000', '2026-02-28 23:59:59.250000'),
      (today(), 0, 4, 4, 1, 1, 1, 0, '2026-03-01 11:59:10.000000', '2026-03-01 11:59:09.000000')`)
    const { status, body } = await ask<Delays>(appAt(nowMs), '/v1/pipeline/delays')
    expect(status).toBe(200)
    expect(body).toEqual({
      from: '2026-02-28T12:00:00Z',
      to: '2026-03-01T12:01:00Z',
      data: [
        row('2026-02-28T23:59:00Z', 1, 7, 0, 1.25, 1.25),
        row('2026-03-01T11:58:00Z', 2, 14, 1, 1, 1.5),
        row('2026-03-01T11:59:00Z', 1, 1, 0, 0, 0),
      ],
    })
    const file = await appAt(nowMs).request('/v1/pipeline/delays', { headers: { Accept: 'text/csv' } })
    expect(await file.text()).toBe(`"time","batches","stored","rejected","delay_mean","delay_max"
"2026-02-28T23:59:00Z",1,7,0,1.25,1.25
"2026-03-01T11:58:00Z",2,14,1,1,1.5
"2026-03-01T11:59:00Z",1,1,0,0,0
`)
    const minute = await ask<Delays>(appAt(nowMs), '/v1/pipeline/delays', { from: '-90s', to: '-60s' })
    expect(minute.body.data.map(({ time }) => time)).toEqual(['2026-03-01T11:59:00Z'])
    const empty = await ask<Delays>(appAt(nowMs), '/v1/pipeline/delays', { from: 'now', to: 'now' })
    expect([empty.status, empty.body.data]).toEqual([200, []])
  })

  test('a range of more than a day names its start', async () => {
    const { status, body } = await ask<ProblemBody>(appAt(nowMs), '/v1/pipeline/delays', { from: '-2d' })
    expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'from'])
  })
})

function row(
  time: string,
  batches: number,
  stored: number,
  rejected: number,
  delayMean: number,
  delayMax: number,
) {
  return { time, batches, stored, rejected, delay_mean: delayMean, delay_max: delayMax }
}
