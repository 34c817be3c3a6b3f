import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../tests/support/until.js'
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

describe('a result', () => {
  test.each([
    ['JSON', 'application/json; charset=UTF-8', /"data":/],
    ['JSONEachRow', 'application/x-ndjson; charset=UTF-8', /^\{"n":0,"s":"a"\}\n$/],
    ['JSONCompactEachRow', 'text/plain; charset=UTF-8', /^\[0, "a"\]\n$/],
    [
      'TabSeparatedWithNamesAndTypes',
      'text/tab-separated-values; charset=UTF-8',
      /^n\ts\nUInt64\tString\n0\ta\n$/,
    ],
    ['CSVWithNames', 'text/csv; charset=UTF-8; header=present', /^"n","s"\n0,"a"\n$/],
    ['Native', 'application/octet-stream', /^...n.UInt64/s],
    ['RowBinary', 'application/octet-stream', /^.{9}a$/s],
    ['Parquet', 'application/octet-stream', /^PAR1/],
  ])('comes as %s', async (format, contentType, shape) => {
    const select = "SELECT number AS n, 'a' AS s FROM numbers(1)"
    for (const reply of [
      await send(server, `${select} FORMAT ${format}`),
      await send(server, select, { default_format: format }),
      await send(server, select, {}, { 'X-ClickHouse-Format': format }),
    ]) {
      expect(reply.headers.get('content-type')).toBe(contentType)
      expect(reply.headers.get('x-clickhouse-format')).toBe(format)
      expect(reply.text).toMatch(shape)
    }
  })

  test('is tab separated unless something else is asked for, and carries the headers', async () => {
    const reply = await send(server, 'SELECT 1, timezone()', { query_id: 'mine' })
    expect(reply.text).toBe('1\tUTC\n')
    expect(reply.headers.get('x-clickhouse-query-id')).toBe('mine')
    expect(reply.headers.get('x-clickhouse-timezone')).toBe('UTC')
    expect(reply.headers.get('x-clickhouse-server-display-name')).not.toBeNull()
    expect(JSON.parse(reply.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({ result_rows: '1' })
  })

  test('has nothing in it when there are no rows', async () => {
    expect((await send(server, 'SELECT 1 WHERE 0 FORMAT Native')).bytes).toHaveLength(0)
  })

  test('reaches the official client, streamed and whole', async () => {
    await using client = clientOf(server)
    const result = await client.query({ query: 'SELECT number FROM numbers(200000)', format: 'JSONEachRow' })
    let rows = 0
    for await (const batch of result.stream()) rows += batch.length
    expect(rows).toBe(200_000)
    const whole = await client.query({ query: 'SHOW DATABASES', format: 'JSON' })
    expect((await whole.json<{ name: string }>()).data.map(({ name }) => name)).toContain('default')
    expect(await client.ping()).toEqual({ success: true })
    expect(await client.ping({ select: true })).toEqual({ success: true })
  })

  test('is compressed when the client asks and takes it', async () => {
    const reply = await fetch(`${server.url}/?enable_http_compression=1&query=SELECT+1`, {
      headers: { 'Accept-Encoding': 'zstd;q=0, gzip' },
    })
    expect(reply.headers.get('content-encoding')).toBe('gzip')
    expect(await reply.text()).toBe('1\n')
    const plain = await send(server, 'SELECT 1', {}, { 'Accept-Encoding': 'gzip' })
    expect(plain.headers.get('content-encoding')).toBeNull()
  })
})

describe('parameters', () => {
  test.each([
    ["it's"],
    ['back\\slash \\n \\\\'],
    ['tab\tand\nline end\r'],
    ['ünïcödé 😀 日本'],
    ["'; DROP TABLE t; --"],
    [''],
  ])('a string stays what it is: %j', async (x) => {
    await using client = clientOf(server)
    const result = await client.query({
      query: 'SELECT {x:String} AS x',
      query_params: { x },
      format: 'JSONEachRow',
    })
    expect(await result.json()).toEqual([{ x }])
  })

  test('of other types', async () => {
    await using client = clientOf(server)
    const result = await client.query({
      query:
        'SELECT {a:Array(String)} AS a, {n:Nullable(String)} AS n, {t:Identifier}.number AS i FROM numbers(2) AS numbers LIMIT 1',
      query_params: { a: ["it's", 'a\\b', 'tab\t'], n: null, t: 'numbers' },
      format: 'JSONEachRow',
    })
    expect(await result.json()).toEqual([{ a: ["it's", 'a\\b', 'tab\t'], n: null, i: 0 }])
  })

  test('do not leak into the next request', async () => {
    expect((await send(server, 'SELECT {x:UInt8}', { param_x: '7' })).text).toBe('7\n')
    expect((await send(server, 'SELECT {x:UInt8}')).headers.get('x-clickhouse-exception-code')).toBe('456')
  })
})

describe('settings', () => {
  const read = "SELECT getSetting('max_block_size')"

  test('hold for one request, also among many at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        send(server, read, i % 2 ? {} : { max_block_size: String(1000 + i) }),
      ),
    )
    const expected = Array.from({ length: 40 }, (_, i) => (i % 2 ? '65409\n' : `${1000 + i}\n`))
    expect(replies.map(({ text }) => text)).toEqual(expected)
  })

  test('hold for one request of a session too', async () => {
    const session_id = 'settings'
    expect((await send(server, read, { session_id, max_block_size: '5' })).text).toBe('5\n')
    expect((await send(server, read, { session_id })).text).toBe('65409\n')
    await send(server, 'SET max_block_size = 6', { session_id })
    expect((await send(server, read, { session_id })).text).toBe('6\n')
  })

  test('a database holds for one request', async () => {
    expect((await send(server, 'SELECT currentDatabase()', { database: 'system' })).text).toBe('system\n')
    expect((await send(server, 'SELECT currentDatabase()')).text).toBe('default\n')
  })

  test('an unknown one is refused', async () => {
    const reply = await send(server, 'SELECT 1', { no_such_setting: '1' })
    expect(reply.status).toBe(404)
    expect(reply.text).toMatch(/^Code: 115\. DB::Exception: .*\(UNKNOWN_SETTING\)/)
  })
})

describe('a session', () => {
  test('keeps its temporary tables to itself', async () => {
    const session_id = 'tables'
    await send(server, 'CREATE TEMPORARY TABLE mine (a UInt8)', { session_id })
    await send(server, 'INSERT INTO mine FORMAT TSV\n1\n2\n', { session_id })
    expect((await send(server, 'SELECT sum(a) FROM mine', { session_id })).text).toBe('3\n')
    expect((await send(server, 'SELECT sum(a) FROM mine')).status).toBe(404)
    await send(server, 'SELECT 1', { session_id, close_session: '1' })
    expect((await send(server, 'SELECT 1', { session_id, session_check: '1' })).text).toMatch(/^Code: 372\./)
  })

  test('takes one request at a time', async () => {
    const session_id = 'busy'
    const slow = send(server, 'SELECT sleep(3)', { session_id })
    const running = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep%'"
    await until('the slow one runs', async () =>
      (await send(server, running)).text === '1\n' ? true : undefined,
    )
    const replies = await Promise.all([slow, send(server, 'SELECT 1', { session_id })])
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 500])
    expect(replies.find(({ status }) => status === 500)?.text).toMatch(/^Code: 373\..*SESSION_IS_LOCKED/)
  })
})

async function get(path: string): Promise<[number, string]> {
  const reply = await fetch(server.url + path)
  return [reply.status, await reply.text()]
}

describe('GET', () => {
  test('answers at its addresses', async () => {
    expect(await get('/ping')).toEqual([200, 'Ok.\n'])
    expect(await get('/')).toEqual([200, 'Ok.\n'])
    expect((await get('/nothing'))[0]).toBe(404)
    expect(await get('/?query=SELECT%201')).toEqual([200, '1\n'])
    expect((await fetch(`${server.url}/?query=SELECT%201`, { method: 'HEAD' })).status).toBe(200)
  })

  test.each(['', '&session_id=get'])('may not write %s', async (session) => {
    for (const sql of [
      'CREATE TABLE got (a Int8) ENGINE = Memory',
      "INSERT INTO FUNCTION null('a Int8') VALUES (1)",
    ])
      expect((await get(`/?query=${encodeURIComponent(sql)}${session}`))[1]).toMatch(/^Code: 164\..*READONLY/)
    expect(await get(`/?query=SELECT%201%20SETTINGS%20max_threads=1${session}`)).toEqual([200, '1\n'])
  })
})

describe('what a request brings to a session goes with it', () => {
  const session = { session_id: 'tidy' }
  const ask = async (sql: string, parameters: Record<string, string> = {}): Promise<string> =>
    (await send(server, sql, { ...session, ...parameters })).text
  test('parameters, however the next statement is written', async () => {
    expect(await ask('SELECT {p:String}', { param_p: 'a' })).toBe('a\n')
    for (const sql of [
      'SELECT {p:String}',
      'SELECT {/**/p:String}',
      'SELECT { p : String }',
      'SELECT {\u200bp:String}',
    ])
      expect(await ask(sql)).toMatch(/^Code: 456\. /)
    expect(await ask("SELECT '{p:String}'")).toBe('{p:String}\n')
  })
  test('roles', async () => {
    await ask('SET ROLE viewer')
    expect(await ask('SELECT currentRoles()', { role: 'administrator' })).toBe("['administrator']\n")
    expect(await ask('SELECT currentRoles()')).toBe("['viewer']\n")
    await ask('SET ROLE DEFAULT')
  })
  test('settings, but not those that the statement sets', async () => {
    const sql = "SELECT getSetting('max_block_size'), getSetting('max_threads')"
    await ask('SET max_threads = 3')
    await ask('SET max_block_size = 99', { max_block_size: '77', max_threads: '2' })
    expect(await ask(sql)).toBe('99\t3\n')
  })
  test('and a session that only reads goes on', async () => {
    const own = { session_id: 'reads' }
    await send(server, 'SET readonly = 1', own)
    expect((await send(server, 'SELECT 1', own)).text).toBe('1\n')
  })
})

describe('errors', () => {
  test.each([
    ['SELECT nope', 404, 47, 'UNKNOWN_IDENTIFIER'],
    ['SELECT * FROM nope', 404, 60, 'UNKNOWN_TABLE'],
    ['SELCT 1', 400, 62, 'SYNTAX_ERROR'],
    ['', 400, 62, 'SYNTAX_ERROR'],
    ['SELECT 1; SELECT 2', 400, 62, 'SYNTAX_ERROR'],
    ['SELECT throwIf(1)', 500, 395, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", 500, 358, 'INTO_OUTFILE_NOT_ALLOWED'],
    [
      "INSERT INTO FUNCTION null('a String') FROM INFILE '/etc/passwd' FORMAT TSV",
      404,
      78,
      'UNKNOWN_TYPE_OF_QUERY',
    ],
  ])('%j', async (sql, status, code, name) => {
    const reply = await send(server, sql)
    expect(reply.status).toBe(status)
    expect(reply.headers.get('x-clickhouse-exception-code')).toBe(String(code))
    expect(reply.text).toMatch(
      new RegExp(`^Code: ${code}\\. DB::Exception: [\\s\\S]*\\(${name}\\) \\(version `),
    )
  })

  test('the official client reads them', async () => {
    await using client = clientOf(server)
    await expect(client.query({ query: 'SELECT nope' })).rejects.toMatchObject({
      code: '47',
      type: 'UNKNOWN_IDENTIFIER',
    })
    const wrong = await send(
      server,
      'SELECT 1',
      {},
      { 'X-ClickHouse-User': 'default', 'X-ClickHouse-Key': 'x' },
    )
    expect([wrong.status, wrong.headers.get('x-clickhouse-exception-code')]).toEqual([403, '516'])
  })

  const failsLate = 'SELECT throwIf(number = 50000) FROM numbers(100000)'

  test('one in mid-stream follows the data in a frame', async () => {
    const reply = await send(server, failsLate, { max_block_size: '1000' })
    expect(reply.status).toBe(200)
    const tag = reply.headers.get('x-clickhouse-exception-tag') ?? ''
    const frame = /\r\n__exception__\r\n(\w{16})\r\n([\s\S]*\n)(\d+) (\w{16})\r\n__exception__\r\n$/.exec(
      reply.text,
    )
    expect(frame?.slice(1)).toEqual([
      tag,
      expect.stringMatching(/^Code: 395\./),
      String(frame?.[2]?.length),
      tag,
    ])
    await using client = clientOf(server)
    const result = await client.query({
      query: failsLate,
      format: 'JSONEachRow',
      clickhouse_settings: { max_block_size: '1000' },
    })
    const readAll = async (): Promise<void> => {
      for await (const batch of result.stream()) expect(batch.length).toBeGreaterThan(0)
    }
    await expect(readAll()).rejects.toThrow('Value passed to')
  })

  test('one in mid-stream has its status when the client waits for the end', async () => {
    const reply = await send(server, failsLate, { max_block_size: '1000', wait_end_of_query: '1' })
    expect([reply.status, reply.headers.get('x-clickhouse-exception-code')]).toEqual([500, '395'])
  })
})
