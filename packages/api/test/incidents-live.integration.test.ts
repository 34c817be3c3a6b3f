import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ApiKey, Clickhouse } from '@pulsehouse/platform'
import type { Incident } from '../src/incidents/incident.js'
import type { LiveLimits } from '../src/incidents/live-limits.js'
import { until } from '../../../tests/support/until.js'
import { appOf, ask, bearer, knownKeys, type ProblemBody } from './support/app.js'
import { insertFindings, type FindingRow } from './support/finding-rows.js'
import {
  changesIn,
  directRequest as request,
  startLiveApi,
  textsOf,
  told,
  toldBy,
  type LiveApi,
} from './support/live-incidents.js'
import type { SseConnection } from './support/sse.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

const readKey = `ph_${'R'.repeat(43)}`
const reader: ApiKey = { id: 'reader', name: 'reader', roles: ['read'], createdAt: '', createdBy: 'test' }
const address = `ip_${'a2'.repeat(8)}`

let stack: MigratedClickhouse
beforeAll(async () => {
  stack = await startMigratedClickhouse()
})
afterAll(() => stack.close())
beforeEach(() => stack.clickhouse.command('TRUNCATE TABLE findings'))

/** The minute of a number, from noon on. */
const minute = (number: number): string => new Date(Date.UTC(2026, 2, 1, 12, number)).toISOString()

/** Writes findings of a judged minute: a name is a finding; `name!` is over. */
async function judge(
  number: number,
  names: readonly string[],
  more: Partial<FindingRow> = {},
): Promise<void> {
  const rows = names.map((name) => ({
    finding_id: name.replace('!', ''),
    started: minute(0),
    judged_minute: minute(number),
    detected_at: minute(0),
    ...(name.endsWith('!') ? { ended: minute(number) } : {}),
    ...more,
  }))
  await insertFindings(stack.clickhouse, rows)
}

const startApi = async (
  limits: Partial<LiveLimits> = {},
  clickhouse: Clickhouse = stack.clickhouse,
  keys = knownKeys({ [readKey]: reader }),
): Promise<LiveApi> => await startLiveApi({ clickhouse, keys }, limits)

describe('the live stream of incidents', () => {
  test('tells of each as it is opened, changes and is resolved, as the list shows it', async () => {
    await judge(0, ['before'])
    const api = await startApi()
    const connection = await api.open()
    expect(connection.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await judge(1, ['one'], { detected_at: minute(1) })
    await toldBy(connection, 1)
    await judge(2, ['one'], { detected_at: minute(1), severity: 'critical' })
    await toldBy(connection, 2)
    await judge(3, ['one!', 'before'], { detected_at: minute(1) })
    expect(await toldBy(connection, 4)).toEqual([
      'one opened',
      'one updated',
      'before updated',
      'one resolved',
    ])
    const app = appOf({ clickhouse: stack.clickhouse, nowMs: () => Date.parse(minute(10)) })
    const { body } = await ask<{ data: Incident }>(app, '/v1/incidents/one')
    expect(changesIn(connection).at(-1)).toEqual({ ...body.data, change: 'resolved' })
  })

  test('findings of one minute and one incident are one event', async () => {
    const api = await startApi()
    const connection = await api.open()
    await judge(1, ['a', 'b', 'c'], { incident_id: 'a' })
    await judge(2, ['d'])
    expect((await toldBy(connection, 2))[0]).toContain('a ')
    expect(told(connection)).toHaveLength(2)
    expect(changesIn(connection)[0]?.findings).toBe(3)
  })

  test('goes on behind the last id, in any process: no incident is missed, and none comes twice', async () => {
    const first = await startApi()
    const connection = await first.open()
    await judge(1, ['p', 'q', 'r'], { detected_at: minute(1) })
    expect(await toldBy(connection, 3)).toEqual(['p opened', 'q opened', 'r opened'])
    const afterQ = connection.events[1]?.id ?? ''
    connection.close()
    await judge(2, ['p'], { detected_at: minute(1) })
    await judge(3, ['p!', 's'], { detected_at: minute(3) })
    // A merge forgets the versions of before; what they had said is in the newest.
    await stack.clickhouse.command('OPTIMIZE TABLE findings FINAL')
    const other = await startApi({ pageMax: 2 })
    const resumed = await other.open('', { 'Last-Event-ID': afterQ })
    expect(await toldBy(resumed, 3)).toEqual(['r opened', 'p resolved', 's opened'])
    await judge(4, ['t'], { detected_at: minute(4) })
    expect(await toldBy(resumed, 4)).toEqual(['r opened', 'p resolved', 's opened', 't opened'])
    // Whoever has everything is told nothing of before.
    const last = await other.open('', { 'Last-Event-ID': resumed.lastId() })
    await judge(5, ['u'], { detected_at: minute(5) })
    expect(await toldBy(last, 1)).toEqual(['u opened'])
  })

  test('each of many readers that come, go and come back has every incident once', async () => {
    const api = await startApi({ pollEveryMs: 20 })
    const all = Array.from({ length: 12 }, (_, index) => `many-${String(index).padStart(2, '0')}`)
    const readThrough = async (leaveAfter: number): Promise<string[]> => {
      const seen: string[] = []
      let id = '0-'
      while (seen.length < all.length) {
        const connection = await api.open('', { 'Last-Event-ID': id })
        await toldBy(connection, Math.min(leaveAfter, all.length - seen.length))
        connection.close()
        seen.push(...changesIn(connection).map((change) => change.id))
        id = connection.lastId()
      }
      return seen
    }
    const reading = Promise.all([1, 2, 3, 5, 12].map(readThrough))
    for (const [index, name] of all.entries()) await judge(20 + index, [name])
    for (const seen of await reading) expect(seen).toEqual(all)
  })

  test('filters as the list does, and what is mild only comes to whoever asks for it', async () => {
    const api = await startApi()
    const [plain, mild, payment] = await Promise.all(
      ['', '?severity=info', '?service=payment&kind=error_burst'].map((query) => api.open(query)),
    )
    await judge(1, ['f-mild'], { severity: 'info' })
    await judge(2, ['f-payment'], { service: 'payment', kind: 'error_burst' })
    await judge(3, ['f-other'])
    expect(await toldBy(plain as SseConnection, 2)).toEqual([
      expect.stringContaining('f-payment'),
      expect.stringContaining('f-other'),
    ])
    expect(await toldBy(mild as SseConnection, 1)).toEqual([expect.stringContaining('f-mild')])
    expect(await toldBy(payment as SseConnection, 1)).toEqual([expect.stringContaining('f-payment')])
  })

  test('names people to whoever may see them, and to nobody else', async () => {
    const api = await startApi()
    const [all, masked] = [await api.open(), await api.open('', bearer(readKey))]
    await judge(1, ['person'], { entity_type: 'ip_address', entity: address, title: `${address} guesses` })
    await Promise.all([toldBy(all, 1), toldBy(masked, 1)])
    expect(changesIn(all)[0]?.title).toBe(`${address} guesses`)
    expect(changesIn(masked)[0]?.title).toBe('ip_… guesses')
  })

  test('asks ClickHouse once for all, and only while somebody listens', async () => {
    let asked = 0
    const counted: Clickhouse = {
      ...stack.clickhouse,
      query: async (...given) => {
        asked += 1
        return await stack.clickhouse.query(...given)
      },
    }
    const api = await startApi({ pollEveryMs: 30_000 }, counted)
    expect(asked).toBe(0)
    const connections = await Promise.all([api.open(), api.open(), api.open()])
    // Each asks where the end is and whether there is something before it; the poll itself is far away.
    await until('all are in', async () => (asked >= 6 ? true : undefined))
    expect(asked).toBe(6)
    for (const connection of connections) connection.close()
    await until('all have gone', async () => (api.feed.readers === 0 ? true : undefined))
    const quick = await startApi({ pollEveryMs: 10 }, counted)
    const connection = await quick.open()
    const before = asked
    await until('it is polled', async () => (asked > before + 3 ? true : undefined))
    connection.close()
    await until('the reader has gone', async () => (quick.feed.readers === 0 ? true : undefined))
    const left = asked
    const again = await api.open()
    // Nothing but what this reader asks: the other polling has ended.
    await until('it is in', async () => (asked >= left + 2 ? true : undefined))
    expect(asked).toBeLessThanOrEqual(left + 3)
    again.close()
  })

  test('says when it does not know, misses nothing meanwhile, and is up to date again', async () => {
    let isAway = false
    const flaky: Clickhouse = {
      ...stack.clickhouse,
      query: async (...given) => {
        if (isAway) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
        return await stack.clickhouse.query(...given)
      },
    }
    const { feed } = await startApi({ heartbeatMs: 100 }, flaky)
    const stream = await feed.open({ ...request, after: undefined })
    const texts = textsOf(stream)
    await judge(1, ['there'])
    await until('it is told', async () => (texts.whole().includes('"id":"there"') ? true : undefined))
    isAway = true
    await judge(2, ['away'])
    await until('it says so', async () =>
      texts.whole().includes(': ClickHouse does not answer') ? true : undefined,
    )
    isAway = false
    await until('it goes on', async () => (texts.whole().includes('"id":"away"') ? true : undefined))
    const position = /^id: (.*-away)$/m.exec(texts.whole())?.[1]
    await until('it is up to date', async () =>
      texts.whole().includes(`: up to date\nid: ${position}\n`) ? true : undefined,
    )
    await texts.stop()
  })

  test('drops a reader for whom too much waits, with a word, and its id is where it was', async () => {
    const api = await startApi({ waitingMax: 2 })
    const stream = (await api.feed.open({ ...request, after: undefined })).getReader()
    const other = await api.open()
    const decoder = new TextDecoder()
    const next = async (): Promise<string> => decoder.decode((await stream.read()).value)
    expect(await next()).toContain('retry: ')
    await judge(1, ['slow-0'])
    expect(await next()).toContain('slow-0')
    const names = ['slow-1', 'slow-2', 'slow-3']
    for (const [index, name] of names.entries()) {
      await judge(2 + index, [name])
      await toldBy(other, 2 + index)
    }
    const word = await next()
    expect(word).toContain('event: dropped')
    const id = /^id: (.*)$/m.exec(word)?.[1] ?? ''
    expect((await stream.read()).done).toBe(true)
    const resumed = await api.open('', { 'Last-Event-ID': id })
    expect((await toldBy(resumed, 3)).map((text) => text.split(' ')[0])).toEqual(names)
    expect(other.ended()).toBe(false)
  })

  test('has room for so many, ends whoever may not read any more, and all when the API stops', async () => {
    const known = new Map([[readKey, reader]])
    const keys = { ...knownKeys(), find: (key: string) => known.get(key), list: () => [...known.values()] }
    const api = await startApi({ readersMax: 2 }, stack.clickhouse, keys)
    const headers = bearer(readKey)
    const [first, second] = [await api.open('', headers), await api.open('', headers)]
    const third = await api.open('', headers)
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '10'])
    first.close()
    await until('there is room', async () => (api.feed.readers === 1 ? true : undefined))
    expect((await api.open('', headers)).status).toBe(200)
    known.clear()
    await until('its key is gone', async () => (second.ended() ? true : undefined))
    known.set(readKey, reader)
    const last = await api.open('', headers)
    api.feed.close()
    await until('all have ended', async () => (last.ended() ? true : undefined))
    expect((await api.open('', headers)).status).toBe(503)
  })

  test('cuts off a reader that takes nothing', async () => {
    let isCutOff = false
    const { feed } = await startApi({ cutOffMs: 100 })
    const stream = await feed.open({ ...request, after: undefined, cutOff: () => (isCutOff = true) })
    const reading = stream.getReader()
    await reading.read()
    await judge(1, ['stuck'])
    await reading.read()
    await until('it is cut off', async () => (isCutOff ? true : undefined))
    await reading.cancel()
  })
})

test.each(['x', '1770000000', '99999999999-a', '4294967296-a', '1-a b', '-1-a'])(
  'refuses the id %j',
  async (id) => {
    const { status, body } = await ask<ProblemBody>(
      appOf({ clickhouse: stack.clickhouse }),
      '/v1/incidents/live',
      {},
      { 'Last-Event-ID': id },
    )
    expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'last-event-id'])
  },
)

test('without ClickHouse it is a problem, not a silent stream', async () => {
  const { status, body } = await ask<ProblemBody>(appOf(), '/v1/incidents/live')
  expect([status, body.type]).toEqual([503, 'urn:pulsehouse:problem:unavailable'])
})
