import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Api } from '../src/api.js'
import type { Log } from '../src/logs/log.js'
import { appOf, ask, nowMs, type ProblemBody } from './support/app.js'
import { insertRows, keyOf, newestFirst, type Row } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

interface Page {
  data: Log[]
  next_cursor: string | null
}

const now = nowMs * 1000
const hour = 3_600_000_000
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse })
})
afterAll(() => stack.close())

function rowOf(service: string, timestampMicros: number, streamSeq: number, eventIndex = 0): Row {
  const streamCreatedSeconds = 1_770_000_000 + (streamSeq % 2)
  return {
    timestampMicros,
    level: 'INFO',
    service,
    attributes: {},
    streamCreatedSeconds,
    streamSeq,
    eventIndex,
  }
}

async function search(parameters: Record<string, string>, of: Api = app): Promise<Page> {
  const { status, body } = await ask<Page>(of, '/v1/logs', parameters)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

/** Reads all pages; `between` runs before every page but the first. */
async function readAll(
  parameters: Record<string, string>,
  between: (page: number) => Promise<void>,
): Promise<string[]> {
  const seen: string[] = []
  let cursor: string | null = null
  for (let page = 0; page === 0 || cursor !== null; page += 1) {
    if (page > 0) await between(page)
    const next: Page = await search(cursor === null ? parameters : { ...parameters, cursor })
    expect(next.data.length).toBeGreaterThan(0)
    seen.push(...next.data.map(({ position }) => `${position.stream_seq}:${position.event_index}`))
    cursor = next.next_cursor
  }
  return seen
}

test('pages over equal timestamps repeat nothing and skip nothing, whatever arrives in between', async () => {
  const service = 'equal'
  // 60 events of one microsecond, in chunks of two streams, and some around them.
  const equal = Array.from({ length: 60 }, (_, index) => rowOf(service, now - hour, 100 + (index % 7), index))
  const around = [-2, -1, 1, 2].map((offset, index) => rowOf(service, now - hour + offset, 200 + index))
  await insertRows(stack.url, [...equal, ...around])
  const seen = await readAll({ service, limit: '7' }, async (page) => {
    // Newer than everything, of the same microsecond but a newer position, and behind the end of the range.
    await insertRows(stack.url, [
      rowOf(service, now - hour / 2, 1_000 + page),
      rowOf(service, now - hour, 2_001 + page * 2),
      rowOf(service, now - 30 * hour, 3_000 + page),
    ])
  })
  expect(seen).toEqual(newestFirst([...equal, ...around]).map(keyOf))
})

test('what arrives late, dated behind the cursor, is found by the pages that follow', async () => {
  const service = 'late'
  const rows = Array.from({ length: 10 }, (_, index) => rowOf(service, now - hour - index, 10 + index))
  await insertRows(stack.url, rows)
  const late = rowOf(service, now - 2 * hour, 5)
  const seen = await readAll({ service, limit: '6' }, () => insertRows(stack.url, [late]))
  expect(seen).toEqual(newestFirst([...rows, late]).map(keyOf))
})

test('a page that is exactly full and the last one has no next cursor', async () => {
  const service = 'full'
  await insertRows(
    stack.url,
    [1, 2, 3].map((seq) => rowOf(service, now - hour, seq)),
  )
  expect((await search({ service, limit: '3' })).next_cursor).toBeNull()
  expect((await search({ service, limit: '2' })).next_cursor).not.toBeNull()
})

test('a cursor keeps the time range of the first page while the clock goes on', async () => {
  const service = 'clock'
  const rows = [1, 2, 3].map((seq) => rowOf(service, now - hour + 60_000_000 * seq, seq))
  await insertRows(stack.url, rows)
  const first = await search({ service, from: '-1h', limit: '1' })
  const later = appOf({ clickhouse: stack.clickhouse, nowMs: () => nowMs + 7_200_000 })
  const second = await search({ service, from: '-1h', limit: '5', cursor: first.next_cursor ?? '' }, later)
  expect(second.data.map(({ position }) => position.stream_seq)).toEqual([2, 1])
  expect(second.next_cursor).toBeNull()
})

test.each([
  ['changed', (cursor: string) => (cursor.startsWith('A') ? 'B' : 'A') + cursor.slice(1), {}],
  ['cut short', (cursor: string) => cursor.slice(4), {}],
  ['of another search', (cursor: string) => cursor, { level: 'INFO' }],
])('a cursor that is %s is a bad parameter', async (_, change, filter) => {
  await insertRows(
    stack.url,
    [1, 2].map((seq) => rowOf('bad', now - hour, seq)),
  )
  const { next_cursor: cursor } = await search({ service: 'bad', limit: '1' })
  const parameters = { service: 'bad', limit: '1', ...filter, cursor: change(cursor ?? '') }
  const { status, body } = await ask<ProblemBody>(app, '/v1/logs', parameters)
  expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'cursor'])
})
