import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import type { Log } from '../src/logs/log.js'
import { appOf, ask, bearer, knownKeys, nowMs, type ProblemBody } from './support/app.js'
import { insertRows, keyOf, newestFirst, type Row } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

interface Answer {
  data: Log
  session: { before: Log[]; after: Log[] } | null
  correlation: { before: Log[]; after: Log[] } | null
}

const created = 1_770_000_000
const now = nowMs * 1000
const hour = 3_600_000_000
const readKey = `ph_${'R'.repeat(43)}`
const readOnly = {
  id: 'reader',
  name: 'reader',
  roles: ['read' as const],
  createdAt: '2026-03-01T00:00:00.000Z',
  createdBy: 'test',
}

/** Forty logs of one session, many with the same timestamp, across noon and midnight; every third has a correlation. */
const rows = Array.from({ length: 40 }, (_, index): Row => ({
  timestampMicros: now - 13 * hour + Math.floor(index / 4) * 1_000_000,
  level: 'INFO',
  service: 'shop',
  attributes: {},
  streamCreatedSeconds: created + (index % 2),
  streamSeq: 1 + ((index * 7) % 10),
  eventIndex: index,
  session_id: 'session_1',
  user_id: 'user_1',
  ip_address: '203.0.113.1',
  ...(index % 3 === 0 ? { correlation_id: 'corr_1' } : {}),
}))
/** The first is of the same correlation, in another session; the second lies too far from all of them. */
const others = [
  { ...(rows[0] as Row), session_id: 'session_2', eventIndex: 900 },
  { ...(rows[0] as Row), timestampMicros: now - 30 * hour, eventIndex: 901 },
]

let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse, keys: knownKeys({ [readKey]: readOnly }) })
  await insertRows(stack.url, [...rows, ...others])
})
afterAll(() => stack.close())

const idOf = (row: Row): string => `${row.streamCreatedSeconds}-${row.streamSeq}-${row.eventIndex}`
const keysOf = (logs: Log[] | undefined): string[] | undefined =>
  logs?.map(({ position }) => `${position.stream_seq}:${position.event_index}`)

test.each([0, 3, 17, 39])('log %i has its neighbours in the order of time', async (index) => {
  const row = rows[index] as Row
  const { status, body } = await ask<Answer>(app, `/v1/logs/${idOf(row)}`, { neighbours: '7' })
  expect([status, body.data.id]).toEqual([200, idOf(row)])
  const expected = (members: Row[]) => {
    const ordered = newestFirst(members).toReversed().map(keyOf)
    const at = ordered.indexOf(keyOf(row))
    return { before: ordered.slice(Math.max(0, at - 7), at), after: ordered.slice(at + 1, at + 8) }
  }
  expect(keysOf(body.session?.before)).toEqual(expected(rows).before)
  expect(keysOf(body.session?.after)).toEqual(expected(rows).after)
  if (row.correlation_id === undefined) {
    expect(body.correlation).toBeNull()
  } else {
    const { before, after } = expected(
      [...rows, ...others.slice(0, 1)].filter(({ correlation_id: id }) => id !== undefined),
    )
    expect(keysOf(body.correlation?.before)).toEqual(before)
    expect(keysOf(body.correlation?.after)).toEqual(after)
  }
})

test('every log of the list is found by its id, and is the same', async () => {
  const { body } = await ask<{ data: Log[] }>(app, '/v1/logs', { session: 'session_1', limit: '5' })
  for (const log of body.data) {
    expect((await ask<Answer>(app, `/v1/logs/${log.id}`)).body.data).toEqual(log)
  }
})

test('neighbours may be left out', async () => {
  const { body } = await ask<Answer>(app, `/v1/logs/${idOf(rows[9] as Row)}`, { neighbours: '0' })
  expect(body.session).toEqual({ before: [], after: [] })
})

test.each(['1770000000-999-0', '0-1-0', '4294967295-999999999999999-999999999'])(
  '%s is not found',
  async (id) => {
    const { status, body } = await ask<ProblemBody>(app, `/v1/logs/${id}`)
    expect([status, body.type]).toEqual([404, 'urn:pulsehouse:problem:not-found'])
    expect(body.detail).toContain(id)
  },
)

test.each(['1', '1-2', '1-2-3-4', '01-2-3', 'a-b-c', '1-2--3', '1-2-1e3', '99999999999-1-1'])(
  '%s is no id: the parameter is named',
  async (id) => {
    const { status, body } = await ask<ProblemBody>(app, `/v1/logs/${id}`)
    expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'id'])
  },
)

test('a key without the role personal sees no people, and may not look for them', async () => {
  const asReader = bearer(readKey)
  const { body } = await ask<{ data: Log[] }>(app, '/v1/logs', { session: 'session_1' }, asReader)
  expect(body.data).toHaveLength(40)
  for (const log of body.data) expect([log.user_id, log.ip_address]).toEqual([null, null])
  const one = await ask<Answer>(app, `/v1/logs/${idOf(rows[9] as Row)}`, {}, asReader)
  const shown = [one.body.data, ...(one.body.session?.before ?? []), ...(one.body.correlation?.after ?? [])]
  for (const log of shown) expect([log.user_id, log.ip_address]).toEqual([null, null])
  for (const filter of ['user', 'ip']) {
    const { status, body: problem } = await ask<ProblemBody>(app, '/v1/logs', { [filter]: 'x' }, asReader)
    expect([status, problem.detail]).toEqual([403, expect.stringContaining('personal')])
  }
})
