import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StartedClickhouse } from '../src/index.js'
import { clientOf, send, startServer, temporaryFolder } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse
beforeAll(async () => {
  server = await startServer(folder.path)
})
afterAll(async () => {
  await server?.close()
  folder.remove()
})

async function freshTable(name: string): Promise<void> {
  await send(server, `DROP TABLE IF EXISTS ${name} SYNC`)
  const created = await send(
    server,
    `CREATE TABLE ${name} (a UInt32, b String) ENGINE = MergeTree ORDER BY a`,
  )
  expect(created.text).toBe('')
}

async function rowsOf(table: string): Promise<string> {
  return (await send(server, `SELECT a, b FROM ${table} ORDER BY a, b FORMAT TSV`)).text
}

function inBytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

describe('an INSERT', () => {
  test.each([
    ['JSONEachRow', inBytes('{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n')],
    ['TabSeparated', inBytes('1\tx\n2\ty\n')],
    ['CSV', inBytes('1,x\n2,"y"')],
    ['Values', inBytes("(1, 'x'), (1 + 1, 'y')")],
    ['RowBinary', inBytes('\x01\0\0\0\x01x\x02\0\0\0\x01y')],
    ['Native', inBytes('\x02\x02\x01a\x06UInt32\x01\0\0\0\x02\0\0\0\x01b\x06String\x01x\x01y')],
  ])('takes %s behind the statement, in ?query= or in the body', async (format, data) => {
    const statement = `INSERT INTO formats (a, b) SETTINGS max_threads = 1 FORMAT ${format}`
    const together = new Uint8Array(Buffer.concat([Buffer.from(`${statement}\n`), data]))
    const gzip = { 'Content-Encoding': 'gzip' }
    for (const insert of [
      () => send(server, data, { query: statement }),
      () => send(server, together),
      () => send(server, new Uint8Array(gzipSync(together)), {}, gzip),
      () => send(server, new Uint8Array(gzipSync(data)), { query: statement }, gzip),
    ]) {
      await freshTable('formats')
      const reply = await insert()
      expect(reply.text).toBe('')
      expect(JSON.parse(reply.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({ written_rows: '2' })
      expect(await rowsOf('formats')).toBe('1\tx\n2\ty\n')
    }
  })

  test('may carry its data in the statement or select it', async () => {
    await freshTable('plain')
    await send(server, 'INSERT INTO plain VALUES (1, {x:String})', { param_x: 'FORMAT CSV' })
    const selected = await send(server, "INSERT INTO plain SELECT number + 2, 's' FROM numbers(2)")
    expect(JSON.parse(selected.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({
      written_rows: '2',
    })
    await send(server, "(4, 'late')", { query: 'INSERT INTO plain VALUES' })
    expect(await rowsOf('plain')).toBe('1\tFORMAT CSV\n2\ts\n3\ts\n4\tlate\n')
  })

  test('works with the official client, compressed and of no rows', async () => {
    await freshTable('official')
    await using client = clientOf(server)
    const values = [{ a: 1, b: "tab\t, quote ', ünï" }]
    await client.insert({ table: 'official', values, format: 'JSONEachRow' })
    await client.insert({ table: 'official', values: [], format: 'JSONEachRow' })
    const result = await client.query({ query: 'SELECT * FROM official', format: 'JSONEachRow' })
    expect(await result.json()).toEqual(values)
  })

  test('that the engine refuses leaves nothing, and its error does not name our files', async () => {
    await freshTable('refused')
    const reply = await send(server, '{"a":1}\n{oops', { query: 'INSERT INTO refused FORMAT JSONEachRow' })
    expect(reply.status).toBe(400)
    expect(reply.text).toMatch(/^Code: \d+\. DB::Exception: (?!Code)/)
    expect(reply.text).not.toContain('/dev/shm')
    expect(await rowsOf('refused')).toBe('')
  })

  test('in an unknown compression, or cut inside its compression, is refused', async () => {
    await freshTable('squeezed')
    const query = 'INSERT INTO squeezed FORMAT TSV'
    const unknown = await send(server, '1\tx\n', { query }, { 'Content-Encoding': 'snappy' })
    expect([unknown.status, unknown.headers.get('x-clickhouse-exception-code')]).toEqual([415, '89'])
    const whole = gzipSync(Array.from({ length: 5000 }, (_, i) => `${i}\tx\n`).join(''))
    const cut = new Uint8Array(whole.subarray(0, whole.length / 2))
    const refused = await send(server, cut, { query }, { 'Content-Encoding': 'gzip' })
    expect([refused.status, refused.headers.get('x-clickhouse-exception-code')]).toEqual([400, '354'])
    expect(await rowsOf('squeezed')).toBe('')
  })

  test.each([
    ['shorter than its Content-Length', 'Content-Length: 1000', '1\tx\n2\ty\n'],
    ['without its last chunk', 'Transfer-Encoding: chunked', '8\r\n1\tx\n2\ty\n\r\n'],
  ])('with a body %s is refused', async (_, header, body) => {
    await freshTable('cut')
    await new Promise<void>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        const target = `/?query=${encodeURIComponent('INSERT INTO cut FORMAT TSV')}`
        socket.end(`POST ${target} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n${body}`)
      })
      socket
        .on('error', reject)
        .on('close', () => resolve())
        .resume()
    })
    // The connection closes when the request has been answered, so that nothing can come after this.
    expect(await rowsOf('cut')).toBe('')
  })
})

test('an insert of one token is stored once, behind a view too', async () => {
  const window = 'SETTINGS non_replicated_deduplication_window = 100'
  for (const sql of [
    `CREATE TABLE raw (k UInt32) ENGINE = MergeTree ORDER BY k ${window}`,
    `CREATE TABLE rollup (k UInt32, n UInt64) ENGINE = SummingMergeTree ORDER BY k ${window}`,
    'CREATE MATERIALIZED VIEW to_rollup TO rollup AS SELECT k % 3 AS k, count() AS n FROM raw GROUP BY k',
  ])
    expect((await send(server, sql)).text).toBe('')
  const rows = Array.from({ length: 150 }, (_, k) => `${k}\n`).join('')
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const reply = await send(server, rows, {
      query: 'INSERT INTO raw FORMAT TSV',
      insert_deduplicate: '1',
      deduplicate_blocks_in_dependent_materialized_views: '1',
      insert_deduplication_token: 'batch-1',
    })
    expect(reply.status).toBe(200)
  }
  expect((await send(server, 'SELECT (SELECT count() FROM raw), (SELECT sum(n) FROM rollup)')).text).toBe(
    '150\t150\n',
  )
})
