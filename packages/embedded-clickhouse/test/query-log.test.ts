import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StartedClickhouse } from '../src/index.js'
import { send, startServer, temporaryFolder, until } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse
const logBytes = 256 * 1024

beforeAll(async () => {
  server = await startServer(folder.path, ['--query-log-bytes', String(logBytes)])
  await send(server, 'CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a')
})
afterAll(async () => {
  await server.close()
  folder.remove()
})

/** What the log has of a query, oldest first. */
async function logged(queryId: string, columns: string): Promise<unknown[]> {
  await send(server, 'SYSTEM FLUSH LOGS')
  const sql = `SELECT type, ${columns} FROM system.query_log WHERE query_id = {id:String} ORDER BY type`
  const { text } = await send(server, `${sql} FORMAT JSONCompactEachRow`, { param_id: queryId })
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}

describe('who asked what, and what came of it', () => {
  test('an insert', async () => {
    await send(server, '(1),(2),(3)', { query: 'INSERT INTO t VALUES', query_id: 'insert' })
    expect(await logged('insert', 'query, query_kind, user, written_rows')).toEqual([
      ['QueryStart', 'INSERT INTO t FORMAT Values\n', 'Insert', 'default', 0],
      ['QueryFinish', 'INSERT INTO t FORMAT Values\n', 'Insert', 'default', 3],
    ])
  })
  test.each(['Native', 'JSON'])('a select in %s', async (format) => {
    const sql = `SELECT a FROM t WHERE a > 1 FORMAT ${format}`
    await send(server, sql, { query_id: format, max_threads: '1' }, { 'User-Agent': 'the test' })
    const columns = 'query, read_rows, result_rows, http_user_agent, Settings, toString(address)'
    expect(await logged(format, columns)).toEqual([
      ['QueryStart', sql, 0, 0, 'the test', { max_threads: '1' }, '::ffff:127.0.0.1'],
      ['QueryFinish', sql, 3, 2, 'the test', { max_threads: '1' }, '::ffff:127.0.0.1'],
    ])
  })
  test('its time', async () => {
    await send(server, 'SELECT sleep(0.3)', { query_id: 'slow' })
    const [, finish] = (await logged('slow', 'query_duration_ms')) as [string, number][]
    expect(finish?.[1]).toBeGreaterThanOrEqual(300)
  })
  test('an error before anything was read, and one behind it', async () => {
    await send(server, 'SELECT nope', { query_id: 'wrong' })
    expect(await logged('wrong', 'exception_code')).toEqual([
      ['QueryStart', 0],
      ['ExceptionBeforeStart', 47],
    ])
    const late = 'SELECT throwIf(number = 900000) FROM numbers(1000000) FORMAT RowBinary'
    await send(server, late, { query_id: 'late' })
    expect(await logged('late', 'exception_code')).toEqual([
      ['QueryStart', 0],
      ['ExceptionWhileProcessing', 395],
    ])
  })
  test.each([
    "CREATE USER somebody IDENTIFIED BY 'hush-hush'",
    "CREATE USER somebody IDENTIFIED BY 'hush-hush' nonsense",
    "INSERT INTO FUNCTION mysql('nowhere', 'b', 'c', 'u', 'hush-hush') VALUES (1)",
    "SELECT * FROM mysql('nowhere', 'b', 'c', 'u', 'hush-hush') nonsense nonsense",
  ])('no password and no key: %s', async (sql) => {
    const query_id = `secret ${sql.length} ${sql.slice(-5)}`
    await send(server, sql, { query_id })
    const rows = await logged(query_id, 'query, exception')
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toContain('hush')
  })
  test('an aggregate that fails has been running', async () => {
    const sql = 'SELECT groupArray(number) FROM numbers(1000000000)'
    await send(server, sql, { query_id: 'greedy', max_memory_usage: '10000000' })
    expect(await logged('greedy', 'exception_code')).toEqual([
      ['QueryStart', 0],
      ['ExceptionWhileProcessing', 241],
    ])
  })
})

test('the log keeps its size, and its newest rows', async () => {
  const filler = 'x'.repeat(8_000)
  for (let i = 0; i < 100; i += 1)
    await send(server, `SELECT ${i} /* ${filler} */`, { query_id: `fill ${i}` })
  await until(async () => (await logged('fill 99', '1')).length === 2)
  const size = 'SELECT sum(length(query) + length(exception)) FROM system.query_log'
  // Besides what it may keep, the part that is being filled.
  expect(Number((await send(server, size)).text)).toBeLessThan(logBytes * 1.25)
  expect(await logged('fill 0', '1')).toEqual([])
})

test('the log is there after a restart', async () => {
  await send(server, 'SELECT 1', { query_id: 'before' })
  await server.close()
  server = await startServer(folder.path)
  expect(await logged('before', '1')).toHaveLength(2)
})
