import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedClickhouse } from '../src/index.js'
import { limits } from '../src/limits.js'
import { send, startServer, temporaryFolder, until } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse
beforeAll(async () => {
  server = await startServer(folder.path)
})
afterAll(async () => {
  await server?.close()
  folder.remove()
})

const endless = 'SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1'

async function running(part: string): Promise<number> {
  const sql =
    'SELECT count() FROM system.processes WHERE query LIKE {part:String} AND query NOT LIKE {own:String}'
  return Number((await send(server, sql, { param_part: `%${part}%`, param_own: '%system.processes%' })).text)
}

test.each([
  ['sleeps', 'SELECT sleep(2)'],
  ['plans', 'SELECT (SELECT sleep(2))'],
])('ping answers at once while ten queries run whose time %s', async (_, sql) => {
  const queries = Promise.all(Array.from({ length: 10 }, () => send(server, sql)))
  await until(async () => (await (await fetch(`${server.url}/ping`)).text()) === 'Ok.\n')
  let slowestMs = 0
  for (let i = 0; i < 20; i += 1) {
    const startedAt = performance.now()
    await (await fetch(`${server.url}/ping`)).text()
    slowestMs = Math.max(slowestMs, performance.now() - startedAt)
  }
  expect(slowestMs).toBeLessThan(500)
  expect((await queries).map(({ text }) => text)).toEqual(Array.from({ length: 10 }, () => '0\n'))
})

test('ten queries run at the same time', async () => {
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: 10 }, () => send(server, 'SELECT sleep(1)')))
  expect(performance.now() - startedAt).toBeLessThan(4_000)
})

test.each([
  ['computes', endless],
  ['plans', `SELECT (${endless})`],
  ['streams', 'SELECT number, 1000000000000 FROM system.numbers'],
])('a query whose client has gone is cancelled while it %s', async (_, sql) => {
  const gone = new AbortController()
  const request = fetch(server.url, { method: 'POST', body: sql, signal: gone.signal })
  request.catch(() => {})
  await until(async () => (await running('1000000000000')) === 1)
  gone.abort()
  await until(async () => (await running('1000000000000')) === 0)
})

test('a reader that does not read holds the engine back', async () => {
  const reply = await fetch(server.url, {
    method: 'POST',
    body: 'SELECT number, repeat(toString(number), 50) FROM system.numbers',
  })
  const reader = reply.body?.getReader()
  await reader?.read()
  await until(async () => (await running('repeat')) === 1)
  const before = Number(
    (await send(server, "SELECT read_rows FROM system.processes WHERE query LIKE '%repe' || 'at(%'")).text,
  )
  await send(server, 'SELECT sleep(1)')
  const after = Number(
    (await send(server, "SELECT read_rows FROM system.processes WHERE query LIKE '%repe' || 'at(%'")).text,
  )
  expect(after - before).toBeLessThan(1_000_000)
  await reader?.cancel()
  await until(async () => (await running('repeat')) === 0)
})

test('a second query of the same id is refused', async () => {
  const first = send(server, 'SELECT sleep(1), 77', { query_id: 'twice' })
  await until(async () => (await running('77')) === 1)
  expect((await send(server, 'SELECT 1', { query_id: 'twice' })).text).toMatch(/^Code: 216\./)
  expect((await first).status).toBe(200)
})

test('what can neither run nor wait is refused', async () => {
  const replies = await Promise.all(Array.from({ length: 500 }, () => send(server, 'SELECT sleep(0.5)')))
  const refused = replies.filter(({ status }) => status !== 200)
  expect(replies.length - refused.length).toBeGreaterThanOrEqual(limits.runningMax + limits.waitingMax)
  expect(refused.length).toBeGreaterThan(0)
  for (const { status, text } of refused)
    expect([status, text]).toEqual([
      500,
      expect.stringMatching(/^Code: 202\. .*TOO_MANY_SIMULTANEOUS_QUERIES/),
    ])
})

test('KILL QUERY finds a query by the id that its client gave it', async () => {
  const query_id = "the client's own"
  const running = send(server, 'SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1', {
    query_id,
  })
  await until(async () => {
    const { text } = await send(server, "KILL QUERY WHERE query_id = 'the client\\'s own' SYNC")
    return text !== ''
  })
  expect((await running).text).toMatch(/^Code: 394\. /)
})

test('a thousand queries one after the other leave nothing to the next', async () => {
  const wrong: string[] = []
  for (let i = 0; i < 1_000; i += 1) {
    const parameters: Record<string, string> = i % 3 === 0 ? { max_block_size: '77', param_p: 'x' } : {}
    const sql =
      i % 2 === 0
        ? "SELECT getSetting('max_block_size') SETTINGS max_threads = 1"
        : "SELECT getSetting('max_block_size')"
    const { text } = await send(server, sql, parameters)
    if (text !== (i % 3 === 0 ? '77\n' : '65409\n')) wrong.push(text)
  }
  expect(wrong).toEqual([])
  expect((await send(server, 'SELECT {p:String}')).text).toMatch(/^Code: 456\. /)
})
