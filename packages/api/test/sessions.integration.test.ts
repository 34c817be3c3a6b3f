import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import type { Log } from '../src/logs/log.js'
import type { Session } from '../src/sessions/session-selection.js'
import { appOf, ask, bearer, knownKeys, type ProblemBody } from './support/app.js'
import { insertRows, keyOf, type Row } from './support/rows.js'
import { expectedSessions, inOrder, type ExpectedSession } from './support/session-oracle.js'
import { shopRows } from './support/shop-rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

interface Page {
  data: Session[]
  next_cursor: string | null
  tables: string[]
}
interface Detail {
  data: Session
  events: Log[]
  more: boolean
}

const reader = `ph_${'R'.repeat(43)}`
const keys = knownKeys({
  [reader]: {
    id: 'r',
    name: 'reader',
    roles: ['read'],
    createdAt: '2026-03-01T00:00:00.000Z',
    createdBy: 'test',
  },
})
const twinMicros = Date.UTC(2026, 2, 5, 12) * 1000
const twins: Row[] = Array.from({ length: 40 }, (_, index) => ({
  timestampMicros: twinMicros,
  level: 'INFO',
  attributes: {},
  streamCreatedSeconds: 1_770_000_000,
  streamSeq: 9_000,
  eventIndex: index,
  session_id: `twin_${index}`,
}))

const rows = shopRows(5, 400)
const sessions = expectedSessions(rows)
const range = { from: '2026-02-28T20:00:00Z', to: '2026-03-02T00:00:00Z' }
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse, keys })
  // Sessions are spread over batches, as they are when events arrive.
  for (let batch = 0; batch < 4; batch += 1) {
    await insertRows(
      stack.url,
      rows.filter((_, index) => index % 4 === batch),
    )
  }
  await insertRows(stack.url, twins)
})
afterAll(() => stack.close())

function shown({ startedMicros, rows: events, ...session }: ExpectedSession): Session {
  expect([startedMicros > 0, events.length]).toEqual([true, session.events])
  return session
}

async function list(parameters: Record<string, string>): Promise<Page> {
  const { status, body } = await ask<Page>(app, '/v1/sessions', { ...range, limit: '1000', ...parameters })
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

describe('GET /v1/sessions equals an oracle in memory', () => {
  test('whole, also for sessions that reach over midnight and over hours', async () => {
    const { data, next_cursor: next, tables } = await list({})
    expect(data).toEqual(sessions.map(shown))
    expect([next, tables]).toEqual([null, ['sessions']])
    expect(sessions.some(({ started, ended }) => started < '2026-03-01' && ended > '2026-03-01')).toBe(true)
  })

  test('a session belongs to the range in which it began, whole', async () => {
    const [from, to] = ['2026-02-28T22:10:00.000001Z', '2026-02-28T23:20:00Z']
    const within = sessions.filter(({ started }) => started >= from && started < to)
    expect(within.some(({ ended }) => ended > to)).toBe(true)
    expect(sessions.some(({ started, ended }) => started < from && ended >= from)).toBe(true)
    expect((await list({ from, to })).data).toEqual(within.map(shown))
    const first = sessions.at(-1) as ExpectedSession
    const bounds = { from: first.started, to: sessions[0]?.started ?? '' }
    expect((await list(bounds)).data).toEqual(sessions.slice(1).map(shown))
  })

  const user = sessions.find(({ user_id: id }) => id !== null)?.user_id ?? ''
  const filters: [Record<string, string>, (session: ExpectedSession) => boolean][] = [
    [{ device: 'mobile,tablet' }, ({ device }) => device !== 'desktop'],
    [{ browser: 'Chrome', os: 'Linux' }, ({ browser, os }) => browser === 'Chrome' && os === 'Linux'],
    [{ referrer: 'google.com' }, ({ referrer }) => referrer === 'google.com'],
    [{ entry: '/home' }, ({ entry }) => entry === '/home'],
    [{ exit: '/cart,/search' }, ({ exit }) => exit === '/cart' || exit === '/search'],
    [{ converted: 'true' }, ({ converted }) => converted],
    [{ converted: 'false' }, ({ converted }) => !converted],
    [{ min_pages: '3', max_pages: '5' }, ({ pages }) => pages >= 3 && pages <= 5],
    [{ min_errors: '1' }, ({ errors }) => errors >= 1],
    [{ min_duration: '90.5' }, (session) => session.duration_seconds >= 90.5],
    [{ user }, (session) => session.user_id === user],
  ]
  test.each(filters)('filtered by %j', async (parameters, keep) => {
    const expected = sessions.filter(keep).map(shown)
    expect(expected.length).toBeGreaterThan(0)
    expect(expected.length).toBeLessThan(sessions.length)
    expect((await list(parameters)).data).toEqual(expected)
  })
})

describe('pages follow each other', () => {
  async function walk(parameters: Record<string, string>): Promise<Session[]> {
    const found: Session[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await list({ ...parameters, ...(cursor === '' ? {} : { cursor }) })
      found.push(...page.data)
      cursor = page.next_cursor
    }
    return found
  }

  test('through all of them, each once', async () => {
    expect(await walk({ limit: '37', device: 'mobile' })).toEqual(
      sessions.filter(({ device }) => device === 'mobile').map(shown),
    )
  })

  test('also where all began in the same microsecond', async () => {
    const found = await walk({ from: '2026-03-05T12:00:00Z', to: '2026-03-05T12:00:01Z', limit: '7' })
    expect(found.length).toBe(40)
    expect(new Set(found.map(({ id }) => id)).size).toBe(40)
  })

  test('a cursor of another search is refused', async () => {
    const { next_cursor: cursor } = await list({ limit: '1' })
    const given = { ...range, device: 'mobile', cursor: cursor ?? '' }
    const { status, body } = await ask<ProblemBody>(app, '/v1/sessions', given)
    expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'cursor'])
  })
})

test('a range from the beginning of time to its end has all of them', async () => {
  const { data } = await list({ from: '1970-01-01', to: '2100-01-01' })
  expect(data.length).toBe(sessions.length + twins.length)
})

test('an empty range has no sessions, which is no error', async () => {
  expect(await list({ from: '2001-01-01', to: '2001-01-02' })).toMatchObject({ data: [], next_cursor: null })
  expect((await list({ from: '2026-03-01', to: '2026-03-01' })).data).toEqual([])
})

test('all sessions leave as a file, with the values of the list', async () => {
  const search = new URLSearchParams({ ...range, limit: '5', converted: 'true' }).toString()
  const headers = { Accept: 'application/x-ndjson' }
  const response = await app.request(`/v1/sessions?${search}`, { headers })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-disposition')).toContain('sessions-20260228T200000Z')
  const lines = (await response.text()).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as Session)).toEqual(
    sessions.filter(({ converted }) => converted).map(shown),
  )
})

test('a key without the role personal sees no users and can not look for them', async () => {
  const { body } = await ask<Page>(app, '/v1/sessions', range, bearer(reader))
  expect(body.data.length).toBeGreaterThan(0)
  expect(body.data.every(({ user_id: id }) => id === null)).toBe(true)
  const refused = await ask<ProblemBody>(app, '/v1/sessions', { user: 'user_1' }, bearer(reader))
  expect(refused.status).toBe(403)
  const session = sessions.find(({ user_id: id }) => id !== null) as ExpectedSession
  const detail = await ask<Detail>(app, `/v1/sessions/${session.id}`, {}, bearer(reader))
  expect([detail.status, detail.body.data.user_id]).toEqual([200, null])
  expect(detail.body.events.every((event) => event.user_id === null)).toBe(true)
})

describe('GET /v1/sessions/{id}', () => {
  test('has the session and its events in order', async () => {
    const longest = sessions.toSorted((a, b) => b.events - a.events)[0] as ExpectedSession
    const { status, body } = await ask<Detail>(app, `/v1/sessions/${longest.id}`)
    expect([status, body.data, body.more]).toEqual([200, shown(longest), false])
    const keys = body.events.map(({ position }) => `${position.stream_seq}:${position.event_index}`)
    expect(keys).toEqual(inOrder(longest.rows).map(keyOf))
    const cut = await ask<Detail>(app, `/v1/sessions/${longest.id}`, { limit: '3' })
    expect([cut.body.more, cut.body.events]).toEqual([true, body.events.slice(0, 3)])
    expect((await ask<Detail>(app, `/v1/sessions/${longest.id}`, { limit: '0' })).body.events).toEqual([])
  })

  test('one that is not there is not found', async () => {
    const { status, body } = await ask<ProblemBody>(app, '/v1/sessions/none')
    expect([status, body.detail]).toEqual([404, expect.stringContaining('no session none')])
  })
})

test.each([
  ['from', 'yesterday'],
  ['to', '25:00'],
  ['converted', 'yes'],
  ['min_pages', '-1'],
  ['min_duration', 'long'],
  ['device', ','],
  ['limit', '1001'],
  ['cursor', 'AAAA'],
  ['action', 'login'],
])('GET /v1/sessions refuses %s=%j', async (parameter, value) => {
  const { status, body } = await ask<ProblemBody>(app, '/v1/sessions', { [parameter]: value })
  expect([status, body.errors?.map((error) => error.parameter)]).toEqual([400, [parameter]])
})

test('bounds that exclude each other name the lower one', async () => {
  const { status, body } = await ask<ProblemBody>(app, '/v1/sessions', { min_pages: '3', max_pages: '2' })
  expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'min_pages'])
})
