import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StartedClickhouse } from '../src/index.js'
import { limits } from '../src/limits.js'
import { send, startServer, temporaryFolder, until } from './harness.js'

const rows = 40_000
const oneBlock = {
  min_insert_block_size_rows: '1000000000',
  min_insert_block_size_bytes: '0',
  max_insert_block_size: '1000000000',
  deduplicate_blocks_in_dependent_materialized_views: '1',
}

const folder = temporaryFolder()
let server: StartedClickhouse
/** Two blocks of the wire, 8 MB together. */
let data: Buffer
beforeAll(async () => {
  server = await startServer(folder.path)
  const select = `SELECT number AS k, repeat('x', 90) AS s FROM numbers(${rows}) FORMAT Native`
  const { bytes } = await send(server, select)
  data = Buffer.concat([bytes, bytes])
})
afterAll(async () => {
  await server?.close()
  folder.remove()
})

beforeEach(async () => {
  const window = 'SETTINGS non_replicated_deduplication_window = 100'
  for (const sql of [
    'DROP TABLE IF EXISTS to_rollup SYNC',
    'DROP TABLE IF EXISTS rollup SYNC',
    'DROP TABLE IF EXISTS raw SYNC',
    `CREATE TABLE raw (k UInt64, s String) ENGINE = MergeTree ORDER BY k ${window}`,
    `CREATE TABLE rollup (k UInt64, n UInt64) ENGINE = SummingMergeTree ORDER BY k ${window}`,
    'CREATE MATERIALIZED VIEW to_rollup TO rollup AS SELECT k % 3 AS k, count() AS n FROM raw GROUP BY k',
  ])
    expect((await send(server, sql)).text).toBe('')
})

/** An INSERT whose body the test sends by hand. */
async function begin(token: string): Promise<Socket> {
  const parameters = { query: insert, ...oneBlock, insert_deduplication_token: token }
  const target = `/?${new URLSearchParams(parameters).toString()}`
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`POST ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${data.length}\r\n\r\n`)
  return socket
}

async function insertWhole(token: string, into = insert) {
  const parameters = { query: into, ...oneBlock, insert_deduplication_token: token }
  return await send(server, new Uint8Array(data), parameters)
}

async function stored(): Promise<string> {
  const parts = `SELECT count() FROM system.parts WHERE active AND table = 'raw'`
  return (await send(server, `SELECT (SELECT count() FROM raw), (SELECT sum(n) FROM rollup), (${parts})`))
    .text
}

/** INSERTs that the engine is at. */
async function running(): Promise<number> {
  return Number((await send(server, `SELECT count() FROM system.processes WHERE query LIKE 'INSERT%'`)).text)
}

const insert = 'INSERT INTO raw (k, s) FORMAT Native'
const allOnce = `${2 * rows}\t${2 * rows}\t1\n`
const nothing = '0\t0\t0\n'

describe('an INSERT that the engine reads while it is being received', () => {
  test('is one block, stored once under its token, behind a view too', async () => {
    for (let i = 0; i < 2; i += 1) expect(await insertWhole('same')).toMatchObject({ status: 200, text: '' })
    expect(await stored()).toBe(allOnce)
  })

  test.each([
    ['inside a block', () => data.length / 4],
    ['between two blocks', () => data.length / 2],
    ['before the last byte', () => data.length - 1],
  ])('that breaks off %s leaves nothing, its token neither', async (_, length) => {
    const socket = await begin('again')
    socket.write(data.subarray(0, length()))
    await until(async () => (await running()) === 1)
    socket.destroy()
    await until(async () => (await running()) === 0)
    expect(await stored()).toBe(nothing)
    expect((await insertWhole('again')).text).toBe('')
    expect(await stored()).toBe(allOnce)
  })

  test('whose client is slow gives its place to others and is stored once all the same', async () => {
    const places = limits.runningMax - 1
    const slow = await Promise.all(Array.from({ length: places }, async () => await begin('slow')))
    for (const socket of slow) socket.write(data.subarray(0, data.length / 2))
    await until(async () => (await running()) === places)
    await until(async () => (await running()) === 0, 3 * limits.arrivalMs)
    const [first, ...others] = slow
    for (const socket of others) socket.destroy()
    expect(await stored()).toBe(nothing)
    first?.write(data.subarray(data.length / 2))
    await until(async () => (await stored()) === allOnce)
    first?.destroy()
    expect((await insertWhole('slow')).text).toBe('')
    expect(await stored()).toBe(allOnce)
  })

  test('that the engine refuses says why and leaves nothing', async () => {
    const unknown = await insertWhole('t', 'INSERT INTO nowhere FORMAT Native')
    expect([unknown.status, unknown.headers.get('x-clickhouse-exception-code')]).toEqual([404, '60'])
    const whole = data
    data = Buffer.concat([whole.subarray(0, whole.length / 2), Buffer.alloc(4 * 1024 * 1024, 0xff)])
    const broken = await insertWhole('t')
    data = whole
    expect(broken.headers.get('x-clickhouse-exception-code')).toBe('128')
    expect(broken.text).toMatch(/^Code: 128\. DB::Exception: (?!Code)/)
    expect(await stored()).toBe(nothing)
    expect((await insertWhole('t')).text).toBe('')
    expect(await stored()).toBe(allOnce)
  })

  test('ends when it is killed', async () => {
    const socket = await begin('killed')
    socket.write(data.subarray(0, data.length / 2))
    await until(async () => (await running()) === 1)
    const killed = await send(server, "KILL QUERY WHERE query LIKE 'INSERT%' ASYNC")
    expect(killed.status).toBe(200)
    socket.write(data.subarray(data.length / 2))
    const [reply] = (await new Promise((resolve) => socket.once('data', (...all) => resolve(all)))) as [
      Buffer,
    ]
    expect(reply.toString()).toContain('QUERY_WAS_CANCELLED')
    expect(await stored()).toBe(nothing)
  })
})
