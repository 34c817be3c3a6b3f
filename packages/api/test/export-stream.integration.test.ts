import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { connectClickhouse, type Clickhouse } from '@pulsehouse/platform'
import { exportLimits } from '../src/export/limits.js'
import { listen, type ApiServer } from '../src/http/server.js'
import { until } from '../../../tests/support/until.js'
import { adminKey, appOf, ask, type ProblemBody } from './support/app.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

const rows = 1_000_000
const mebibyte = 1024 * 1024
const range = 'from=2026-01-01&to=2026-02-01'

let stack: MigratedClickhouse
let server: ApiServer
let administrator: Clickhouse

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  administrator = connectClickhouse({ url: stack.url, application: 'test' })
  server = await listen(appOf({ clickhouse: stack.clickhouse }), { port: 0, host: '127.0.0.1' })
  await administrator.command(`INSERT INTO logs (received_day, timestamp, level, service, message, stream_created, stream_seq)
    SELECT today(), toDateTime64('2026-01-01', 6, 'UTC') + number, 'INFO', 'shop', hex(sipHash128(number)), now(), number
    FROM numbers(${rows})`)
})
afterAll(async () => {
  await server.close()
  await administrator.close()
  await stack.close()
})

/** Asks for an export over a real connection; its body has not been read yet. */
async function open(accept: string): Promise<IncomingMessage> {
  const request = get(`${server.url}/v1/logs?${range}`, {
    headers: { Accept: accept, Authorization: `Bearer ${adminKey}` },
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

/** Puts a view in the place of the logs for the time of a test. */
async function replaceLogs(select: string): Promise<void> {
  await administrator.command('RENAME TABLE logs TO logs_stored')
  await administrator.command(`CREATE VIEW logs AS ${select}`)
  onTestFinished(async () => {
    await administrator.command('DROP VIEW logs')
    await administrator.command('RENAME TABLE logs_stored TO logs')
  })
}

/** Reads to the end. @returns what came, and by how much the memory of this process, which is the API's too, grew meanwhile. */
async function readAll(
  response: IncomingMessage,
): Promise<{ bytes: number; lines: number; grownBytes: number }> {
  const before = process.memoryUsage().rss
  const read = { bytes: 0, lines: 0, grownBytes: 0 }
  const counter = new Writable({
    write: (chunk: Buffer, _, done) => {
      read.bytes += chunk.length
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) read.lines += 1
      read.grownBytes = Math.max(read.grownBytes, process.memoryUsage().rss - before)
      done()
    },
  })
  await pipeline(response, counter)
  return read
}

test('a million rows pass through in bounded memory', async () => {
  const { bytes, lines, grownBytes } = await readAll(await open('application/x-ndjson'))
  expect(lines).toBe(rows)
  expect(bytes).toBeGreaterThan(500 * mebibyte)
  expect(grownBytes).toBeLessThan(100 * mebibyte)
})

test('a million rows of CSV and Parquet arrive whole', async () => {
  expect((await readAll(await open('text/csv'))).lines).toBe(rows + 1)
  const response = await open('application/vnd.apache.parquet')
  let last = Buffer.alloc(0)
  for await (const chunk of response) last = Buffer.concat([last, chunk as Buffer]).subarray(-4)
  expect(last.toString()).toBe('PAR1')
})

test('a reader that waits holds its query up, and takes it along when it goes away', async () => {
  const underWay = async (): Promise<number> => {
    const [row] = await administrator.query<{ n: number }>(
      `SELECT count() AS n FROM system.processes WHERE query LIKE '%FROM logs AS t%FORMAT JSONEachRow%' AND query NOT LIKE '%processes%'`,
    )
    return row?.n ?? 0
  }
  const response = await open('application/x-ndjson')
  await once(response, 'readable')
  await until('the query is under way', async () => ((await underWay()) === 1 ? true : undefined))
  response.destroy()
  await until('the query is given up', async () => ((await underWay()) === 0 ? true : undefined))
})

test.each(['application/x-ndjson', 'text/csv', 'application/vnd.apache.parquet'])(
  'an error in the middle of %s breaks the connection: nobody takes half for whole',
  async (accept) => {
    await replaceLogs(
      `SELECT * REPLACE (if(throwIf(stream_seq = ${rows - 1}) = 0, message, '') AS message) FROM logs_stored`,
    )
    const response = await open(accept)
    // The head of a Parquet file is so short that the error may come before it has been sent.
    if (!accept.endsWith('parquet')) expect(response.statusCode).toBe(200)
    const isWhole = await readAll(response).then(
      () => response.statusCode === 200,
      () => false,
    )
    expect(isWhole).toBe(false)
  },
)

test('a ClickHouse that dies in the middle breaks the connection', async () => {
  const dying = await startMigratedClickhouse()
  onTestFinished(() => dying.close())
  const setup = connectClickhouse({ url: dying.url, application: 'test' })
  onTestFinished(() => setup.close())
  await setup.command(`INSERT INTO logs (received_day, timestamp, level, message)
    SELECT today(), toDateTime64('2026-01-01', 6, 'UTC') + number, 'INFO', hex(sipHash128(number)) FROM numbers(200000)`)
  const other = await listen(appOf({ clickhouse: dying.clickhouse }), { port: 0, host: '127.0.0.1' })
  onTestFinished(() => other.close())
  const response = await fetch(`${other.url}/v1/logs?${range}`, {
    headers: { Accept: 'application/x-ndjson', Authorization: `Bearer ${adminKey}` },
  })
  expect(response.status).toBe(200)
  await dying.process.stop('SIGKILL')
  await expect(response.text()).rejects.toThrow()
})

test('more rows than an export may have are a sentence, and no file', async () => {
  const times = Math.ceil(exportLimits.rows / rows) + 1
  await replaceLogs(`SELECT stored.* FROM logs_stored AS stored CROSS JOIN numbers(${times}) AS n`)
  const { status, body } = await ask<ProblemBody>(
    appOf({ clickhouse: stack.clickhouse }),
    '/v1/logs',
    { from: '2026-01-01', to: '2026-02-01' },
    { Accept: 'text/csv' },
  )
  expect([status, body.type]).toEqual([400, 'urn:pulsehouse:problem:too-many-rows'])
  expect(body.detail).toContain(String(times * rows))
})
