import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StartedClickhouse } from '../src/index.js'
import { send, startServer, temporaryFolder } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse

beforeAll(async () => {
  server = await startServer(folder.path)
})
afterAll(async () => {
  await server.close()
  folder.remove()
})

/** More than two of the engine's blocks. */
const rows = 150_000
const select = `SELECT number AS n, toString(number) AS s FROM numbers(${rows})`

/** Formats that need a schema or a template, hold one value, or aren't data. */
const special =
  /^(Protobuf|CapnProto|Template|CustomSeparated|RawBLOB|LineAs|JSONAs|Form|Npy|One|Regexp|MySQLDump|Prometheus|Values|GeoJSON|PNG|Buffers|ProtobufConfluent|AvroConfluent|Hash|Null|SQLInsert|JSONColumns$|JSONCompactColumns)/

describe('every format that the engine reads and writes', () => {
  test('comes whole, whatever its size', async () => {
    const listed = await send(
      server,
      'SELECT name FROM system.formats WHERE is_input AND is_output ORDER BY name',
    )
    const formats = listed.text.split('\n').filter((name) => name !== '' && !special.test(name))
    expect(formats.length).toBeGreaterThan(40)
    for (const format of formats) {
      await send(server, 'CREATE OR REPLACE TABLE back (n UInt64, s String) ENGINE = Memory')
      const { status, bytes } = await send(server, `${select} FORMAT ${format}`)
      expect([format, status]).toEqual([format, 200])
      const back = await send(server, new Uint8Array(bytes), { query: `INSERT INTO back FORMAT ${format}` })
      const { text } = await send(server, 'SELECT count(), sum(n), sum(toUInt64(s)) FROM back')
      const sum = (rows * (rows - 1)) / 2
      expect([format, back.text, text]).toEqual([format, '', `${rows}\t${sum}\t${sum}\n`])
    }
  }, 120_000)
  test('every other format is written, or says at once what it lacks', async () => {
    const listed = await send(server, 'SELECT name FROM system.formats WHERE is_output ORDER BY name')
    const lacking: string[] = []
    for (const format of listed.text.split('\n').filter((name) => name !== '')) {
      const { status, text } = await send(server, `SELECT 'a' AS s FORMAT ${format}`)
      if (status === 200) continue
      expect([format, text]).toEqual([format, expect.stringMatching(/^Code: \d+\. /)])
      lacking.push(format)
    }
    // A schema registry, places, a picture's colours, metrics, a template.
    expect(lacking).toEqual(['AvroConfluent', 'GeoJSON', 'PNG', 'Prometheus', 'Template'])
  })
})

describe('a document', () => {
  const totals =
    'SELECT number % 3 AS k, count() AS c FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k LIMIT 2'
  test('has its totals, limits and statistics', async () => {
    const { text } = await send(server, `${totals} FORMAT JSON`, { extremes: '1' })
    const { statistics, ...rest } = JSON.parse(text) as { statistics: { rows_read: number } }
    expect(statistics.rows_read).toBe(10)
    expect(rest).toMatchObject({ rows: 2, rows_before_limit_at_least: 3, totals: { k: 0, c: 10 } })
  })
  test('stands where FORMAT and SETTINGS stand, with what else is in the text', async () => {
    for (const sql of [
      "SELECT 'FORMAT CSV' AS f FORMAT JSONCompact SETTINGS max_threads = 1",
      "SELECT 'FORMAT CSV' AS f SETTINGS max_threads = 1 FORMAT JSONCompact -- FORMAT CSV",
      "/* FORMAT CSV */ SELECT 'FORMAT CSV' AS f FORMAT JSONCompact;",
      "WITH 'FORMAT CSV' AS f SELECT f FORMAT JSONCompact; -- done",
      "(SELECT 'FORMAT CSV' AS f) FORMAT JSONCompact",
    ]) {
      const { text } = await send(server, sql)
      expect([sql, (JSON.parse(text) as { data: unknown }).data]).toEqual([sql, [['FORMAT CSV']]])
    }
  })
  test('of many rows is read at leisure, without being held in memory', async () => {
    const sql = 'SELECT number, repeat(toString(number), 20) FROM numbers(3000000) FORMAT JSONCompact'
    const reply = await fetch(server.url, { method: 'POST', body: sql })
    const reader = reply.body?.getReader()
    await reader?.read()
    const used = 'SELECT sum(memory_usage) FROM system.processes'
    expect(Number((await send(server, used)).text)).toBeLessThan(200_000_000)
    await reader?.cancel()
  })
})
