import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StartedClickhouse } from '../src/index.js'
import { send, startServer, temporaryFolder } from './harness.js'

const folder = temporaryFolder()
const secret = join(folder.path, '../', `secret-${process.pid}.txt`)
let server: StartedClickhouse

const viewer = { 'X-ClickHouse-User': 'viewer', 'X-ClickHouse-Key': 'only looking' }
const administrator = { 'X-ClickHouse-User': 'default', 'X-ClickHouse-Key': 'all of it' }

async function view(sql: string, parameters: Record<string, string> = {}) {
  return await send(server, sql, parameters, viewer)
}

async function administer(sql: string, parameters: Record<string, string> = {}) {
  return await send(server, sql, parameters, administrator)
}

beforeAll(async () => {
  writeFileSync(secret, 'nobody may read this')
  const passwords = '--password=all of it --viewer-password=only looking'
  const viewerLimits =
    '--viewer-max-execution-seconds=2 --viewer-max-memory-bytes=100000000 --viewer-max-result-rows=1000'
  server = await startServer(folder.path, `${passwords} ${viewerLimits}`.split(/ (?=--)/))
  await administer('CREATE TABLE visible (a UInt32) ENGINE = MergeTree ORDER BY a')
  await administer('INSERT INTO visible SELECT number FROM numbers(10)')
  await administer("INSERT INTO FUNCTION file('mine.csv', 'LineAsString', 'a String') VALUES ('nobody may')")
})
afterAll(async () => {
  await server.close()
  folder.remove()
})

describe('who may log in', () => {
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` })
  test.each([
    ['by headers', {}, viewer],
    ['by Basic', {}, basic('viewer:only looking')],
    ['by parameters', { user: 'viewer', password: 'only looking' }, {}],
  ])('%s', async (_, parameters: Record<string, string>, headers: Record<string, string>) => {
    expect((await send(server, 'SELECT sum(a) FROM visible', parameters, headers)).text).toBe('45\n')
  })
  test.each([
    ['nobody', {}],
    ['a wrong password', { 'X-ClickHouse-User': 'viewer', 'X-ClickHouse-Key': 'only lookin' }],
    ["another one's password", { 'X-ClickHouse-User': 'viewer', 'X-ClickHouse-Key': 'all of it' }],
    ['a wrong name', { 'X-ClickHouse-User': 'viewers', 'X-ClickHouse-Key': 'only looking' }],
    ['an empty password', basic('default:')],
  ])('not %s', async (_, headers: Record<string, string>) => {
    const { status, text } = await send(server, 'SELECT 1', {}, headers)
    expect(text).toMatch(/^Code: 516\. .*Authentication failed.*\(AUTHENTICATION_FAILED\)/)
    expect(status).toBe(403)
  })
  test('other machines only with passwords', async () => {
    const other = temporaryFolder()
    await expect(startServer(other.path, ['--host', '0.0.0.0', '--password', 'x'])).rejects.toThrow(
      'Not listening on 0.0.0.0: whoever reaches it could log in as viewer without a password.',
    )
    other.remove()
  })
})

describe('a viewer changes nothing', () => {
  test.each([
    'INSERT INTO visible VALUES (11)',
    'INSERT INTO visible SELECT 11',
    'CREATE TABLE mine (a UInt8) ENGINE = Memory',
    'CREATE TEMPORARY TABLE mine (a UInt8)',
    'DROP TABLE visible',
    'TRUNCATE TABLE visible',
    'ALTER TABLE visible DELETE WHERE 1',
    'DELETE FROM visible WHERE 1',
    'OPTIMIZE TABLE visible FINAL',
    'SYSTEM STOP MERGES',
    'KILL QUERY WHERE 1',
    'SET max_threads = 1',
    'SET ROLE administrator',
    'SET ROLE administrator; SELECT 1',
    'SET ROLE administrator; nonsense',
    'SELECT 1; DROP TABLE visible',
    'GRANT ALL ON *.* TO viewer',
    'EXECUTE AS default SELECT 1',
    "INSERT INTO FUNCTION file('x.csv', 'CSV', 'a UInt8') SELECT 1",
    "BACKUP TABLE visible TO File('x')",
  ])('%s', async (sql) => {
    expect((await view(sql)).text).toMatch(/^Code: (497|164|62|344)\. /)
    expect((await view('SELECT sum(a) FROM visible')).text).toBe('45\n')
    expect((await administer("SELECT count() FROM system.tables WHERE name = 'mine'")).text).toBe('0\n')
  })
  test('nor in a session, nor with another role', async () => {
    for (const sql of ['SET ROLE administrator', 'SELECT 1; SET ROLE administrator'])
      await view(sql, { session_id: 's' })
    expect((await view('SELECT currentRoles()', { session_id: 's' })).text).toBe("['viewer']\n")
    expect((await view('SELECT 1', { role: 'administrator' })).text).toMatch(/^Code: 512\. /)
  })
})

describe('a viewer reads nothing else', () => {
  test.each([
    "SELECT file('$')",
    "SELECT * APPLY(file) FROM (SELECT '$')",
    "SELECT arrayMap(file, ['$'])",
    "SELECT arrayMap(x -> file(x), ['$'])",
    "WITH x -> file(x) AS f SELECT arrayMap(f, ['$'])",
    "SELECT COLUMNS('a') APPLY(x -> file(x)) FROM (SELECT '$' AS a)",
    "SELECT `\\x66ile`('$')",
    "SELECT * FROM file('$', 'LineAsString')",
    "DESCRIBE file('$')",
    'SELECT * FROM `$`',
    'SELECT * FROM _files.`$`',
    'SELECT * FROM default.`$`',
    "SELECT * FROM url('http://127.0.0.1:#/?query=SELECT+1', 'CSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1:#', system.one)",
    "SELECT * FROM remoteSecure('127.0.0.1:#', system.one)",
    "SELECT * FROM s3('http://127.0.0.1:#/bucket/key', NOSIGN, 'CSV', 'a String')",
    "SELECT * FROM mysql('127.0.0.1:#', 'a', 'b', 'c', 'd')",
    "SELECT * FROM postgresql('127.0.0.1:#', 'a', 'b', 'c', 'd')",
    "SELECT * FROM sqlite('$', 'a')",
    "SELECT * FROM executable('cat', 'LineAsString', 'a String')",
    "SELECT * FROM icebergS3('http://127.0.0.1:#/bucket/key')",
    "SELECT * FROM deltaLake('http://127.0.0.1:#/bucket/key')",
    "SELECT catboostEvaluate('$', 1)",
    "SELECT file('mine.csv')",
    "SELECT * APPLY(file) FROM (SELECT 'mine.csv')",
    "SELECT * APPLY(x -> file(x)) FROM (SELECT 'mine.csv')",
    "SELECT arrayMap(file, ['mine.csv'])",
    "EXPLAIN QUERY TREE SELECT file('mine.csv')",
    "SELECT 1 AS a$$, file('mine.csv') AS b$$",
    "SELECT 1 AS `it's`, file('mine.csv') AS `it's, too`",
    'SELECT 1 AS ‘a, file(‘mine.csv’) AS b',
    "SELECT `\\x66ile`('mine.csv')",
    'SELECT "f\\x69le"(\'mine.csv\')',
    "SELECT /* ' */ file('mine.csv') -- '",
    "SELECT 1 FORMAT Template SETTINGS format_template_resultset = '$'",
    "SELECT 1 INTO OUTFILE '$.out'",
    'SELECT query FROM system.query_log',
  ])('%s', async (template) => {
    const sql = template.replaceAll('$', secret).replaceAll('#', String(server.port))
    const { status, text } = await view(sql)
    expect(text).toMatch(/^Code: \d+\. /)
    expect(text).not.toContain('nobody may')
    expect(status).not.toBe(200)
    expect(existsSync(`${secret}.out`)).toBe(false)
  })
  test('what the process itself may read', async () => {
    for (const path of ['/proc/self/environ', '/etc/passwd', join(import.meta.dirname, 'users.test.ts')])
      expect((await administer(`SELECT file('${path}')`)).text).toMatch(/^Code: 76\. .*Permission denied/)
  })
  test('by a parameter that stands for a name', async () => {
    await administer("INSERT INTO FUNCTION file('named.csv', 'CSV', 'a UInt8') VALUES (7)")
    for (const param_f of ['file', 'f\\x69le', '\\x66ile'])
      expect((await view("SELECT arrayMap({f:Identifier}, ['named.csv'])", { param_f })).text).toMatch(
        /^Code: /,
      )
    const column = await view('SELECT sum({c:Identifier}) FROM visible', { param_c: 'a' })
    expect(column.text).toBe('45\n')
  })
  test('but a column of that name', async () => {
    await administer('CREATE TABLE named (file UInt8) ENGINE = Memory')
    await administer('INSERT INTO named VALUES (3)')
    expect((await view('SELECT named.file FROM named')).text).toBe('3\n')
    expect((await view("SELECT 'file' AS profile FROM named")).text).toBe('file\n')
    expect((await view('SELECT file FROM named')).text).toMatch(/^Code: 497\. .*t\.file/)
  })
  test('the administrator has user_files', async () => {
    const into = await administer("INSERT INTO FUNCTION file('own.csv', 'CSV', 'a UInt8') VALUES (7)")
    expect(into.text).toBe('')
    expect((await administer("SELECT * FROM file('own.csv', 'CSV', 'a UInt8')")).text).toBe('7\n')
    expect(existsSync(join(folder.path, 'user_files/own.csv'))).toBe(true)
  })
})

test('a viewer who is given databases reads those and the engine’s own, and is told of no other', async () => {
  const { path, remove } = temporaryFolder()
  const given = await startServer(path, ['--viewer-databases', 'shown'])
  try {
    for (const name of ['shown', 'hidden'])
      for (const sql of [`CREATE DATABASE ${name}`, `CREATE VIEW ${name}.numbers AS SELECT 42 AS number`])
        expect((await send(given, sql)).status).toBe(200)
    const look = async (sql: string): Promise<string> => (await send(given, sql, { user: 'viewer' })).text
    expect(await look('SELECT number FROM shown.numbers')).toBe('42\n')
    expect(await look("SELECT name FROM system.databases WHERE name IN ('shown', 'hidden')")).toBe('shown\n')
    expect(await look("SELECT table_name FROM INFORMATION_SCHEMA.tables WHERE table_schema = 'shown'")).toBe(
      'numbers\n',
    )
    for (const sql of [
      'SELECT * FROM hidden.numbers',
      "SELECT * FROM merge('hidden', '.*')",
      'SHOW CREATE hidden.numbers',
    ])
      expect(await look(sql)).toMatch(/^Code: \d+\. /)
  } finally {
    await given.close()
    remove()
  }
})

describe('a table beside a query', () => {
  const form = (name: string): FormData => {
    const data = new FormData()
    data.set(name, new Blob(['1\n']), 'file.tsv')
    return data
  }
  test.each([
    ['e', 'a UInt8'],
    ['e', "a UInt8, b String\u200bDEFAULT\u200bfile('mine.csv')"],
    ['’) ENGINE=Memory; INSERT INTO visible VALUES (99); --', 'a DEFAULT‘'],
  ])('is not for a viewer: %s', async (name, structure) => {
    const parameters = new URLSearchParams({ query: 'SELECT 1', [`${name}_structure`]: structure })
    const reply = await fetch(`${server.url}/?${parameters.toString()}`, {
      method: 'POST',
      body: form(name),
      headers: viewer,
    })
    expect(await reply.text()).toMatch(/^Code: (497|36)\. /)
    expect((await view('SELECT sum(a) FROM visible')).text).toBe('45\n')
  })
  test.each([
    ['’) ENGINE=Memory; INSERT INTO visible VALUES (99); --', 'a DEFAULT‘'],
    ['e', 'a UInt8\u200bDEFAULT\u200b1'],
    ['e', 'a UInt8) ENGINE = Memory; SELECT (1'],
  ])('is nothing but columns: %s', async (name, structure) => {
    const parameters = new URLSearchParams({ query: 'SELECT 1', [`${name}_structure`]: structure })
    const reply = await fetch(`${server.url}/?${parameters.toString()}`, {
      method: 'POST',
      body: form(name),
      headers: administrator,
    })
    expect(await reply.text()).toMatch(/^Code: 36\. /)
  })
})

test('quotes and blanks that only the engine knows', async () => {
  for (const sql of [
    'SELECT ‘a; b’ AS c FORMAT JSONCompact',
    'SELECT\u200b‘FORMAT CSV’ AS c FORMAT JSONCompact',
    'SELECT ‘’ AS c, file(‘mine.csv’) FORMAT JSONCompact',
  ])
    expect((await view(sql)).text).not.toContain('nobody may')
  expect((await view('SELECT ‘a; b’ AS c FORMAT JSONCompact')).text).toContain('["a; b"]')
})

describe('limits of a user', () => {
  test('time', async () => {
    expect((await view('SELECT sum(cityHash64(number)) FROM numbers(100000000000)')).text).toMatch(
      /^Code: 159\. /,
    )
  })
  test('memory, and the server lives', async () => {
    expect((await view('SELECT groupArray(number) FROM numbers(100000000)')).text).toMatch(/^Code: 241\. /)
    expect((await view('SELECT 1')).text).toBe('1\n')
  })
  test('rows of a result', async () => {
    expect((await view('SELECT number FROM numbers(1001)')).text).toMatch(/^Code: 396\. /)
    expect((await view('SELECT number FROM numbers(1001) FORMAT JSON')).text).toMatch(/^Code: 396\. /)
    expect((await administer('SELECT number FROM numbers(1001)')).status).toBe(200)
  })
  test.each([
    ['max_execution_time', '3600', 452],
    ['max_execution_time', '0', 452],
    ['max_memory_usage', '0', 452],
    ['max_result_rows', '1e9', 452],
    ['format_template_resultset', '/etc/passwd', 164],
    ['dialect', 'kusto', 164],
  ])('a request does not loosen them: %s=%s', async (name, value, code) => {
    expect((await view('SELECT 1', { [name]: value })).text).toMatch(new RegExp(`^Code: ${code}\\. `))
  })
  test('a statement does not loosen them', async () => {
    expect((await view('SELECT 1 SETTINGS max_execution_time = 0')).text).toMatch(/^Code: 164\. /)
    expect((await view('SELECT 1 SETTINGS readonly = 0')).text).toMatch(/^Code: 164\. /)
  })
  test('a request may tighten them, and what it sets is gone with it', async () => {
    expect((await view('SELECT number FROM numbers(20)', { max_result_rows: '10' })).text).toMatch(
      /^Code: 396\. /,
    )
    expect((await view('SELECT count() FROM (SELECT number FROM numbers(20))')).text).toBe('20\n')
  })
})
