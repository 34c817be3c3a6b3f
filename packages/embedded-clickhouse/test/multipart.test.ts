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

type Field = readonly [name: string, value: string, fileName?: string]

async function post(fields: readonly Field[], parameters: Record<string, string> = {}) {
  const form = new FormData()
  for (const [name, value, fileName] of fields)
    if (fileName === undefined) form.append(name, value)
    else form.append(name, new Blob([value]), fileName)
  const address = `${server.url}/?${new URLSearchParams(parameters).toString()}`
  const reply = await fetch(address, { method: 'POST', body: form })
  return { status: reply.status, text: await reply.text(), headers: reply.headers }
}

const asForm = { 'Content-Type': 'multipart/form-data; boundary=b' }
const part = (name: string, value: string): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

describe('the fields of a form', () => {
  test('are parameters as in the address, a text longer than an address included', async () => {
    const ids = Array.from({ length: 30_000 }, (_, i) => i)
    const reply = await post([
      ['query', 'SELECT count() FROM numbers(50000) WHERE number IN {ids:Array(UInt64)} FORMAT CSV'],
      ['param_ids', `[${ids.join(',')}]`],
    ])
    expect(reply.text).toBe('30000\n')
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=UTF-8; header=absent')
  })

  test("are settings too, and the address's own come first", async () => {
    const query = "SELECT getSetting('max_block_size'), {x:String}"
    const fields: Field[] = [
      ['query', query],
      ['max_block_size', '5'],
      ['param_x', 'in the form'],
      ['param_x', 'again'],
    ]
    expect((await post(fields)).text).toBe('5\tin the form\n')
    expect((await post(fields, { max_block_size: '6', param_x: 'in the address' })).text).toBe(
      '6\tin the address\n',
    )
  })

  test('continue the query of the address', async () => {
    expect((await post([['query', ' + 2']], { query: 'SELECT 1' })).text).toBe('3\n')
  })

  test('may be an INSERT with its data', async () => {
    await send(server, 'CREATE TABLE formed (a UInt32) ENGINE = MergeTree ORDER BY a')
    const body = `${part('query', 'INSERT INTO formed FORMAT TSV\n1\n2\n')}--b--\r\n`
    expect((await send(server, body, {}, asForm)).text).toBe('')
    expect((await send(server, 'SELECT sum(a) FROM formed')).text).toBe('3\n')
  })

  test("can't say what had to be known before", async () => {
    for (const name of ['user', 'password', 'session_id', 'query_id', 'database']) {
      const reply = await post([
        ['query', 'SELECT 1'],
        [name, 'x'],
      ])
      expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(`${name} can't be a field`)])
    }
  })

  test('come from the official client', async () => {
    await using client = clientOf(server)
    const x = 'tab\t, \'quotes", ünï 😀 \r\n--'
    const result = await client.query({
      query: 'SELECT {x:String} AS x',
      query_params: { x },
      format: 'JSONEachRow',
      use_multipart_params: true,
    })
    expect(await result.json()).toEqual([{ x }])
  })

  test('may be compressed', async () => {
    const body = `${part('query', 'SELECT 7')}--b--\r\n`
    const reply = await send(
      server,
      new Uint8Array(gzipSync(body)),
      {},
      { ...asForm, 'Content-Encoding': 'gzip' },
    )
    expect(reply.text).toBe('7\n')
  })
})

describe('a form', () => {
  test.each([
    ['that is cut in a field', part('query', 'SELECT 1').slice(0, -6)],
    ['that is cut before its end', part('query', 'SELECT 1')],
    ['that is cut in a header', '--b\r\nContent-Dispo'],
    ['with nothing in it', ''],
    ['that is none', 'SELECT 1'],
    ['with a part without a name', '--b\r\nContent-Disposition: form-data\r\n\r\nSELECT 1\r\n--b--\r\n'],
    ['whose file is cut', '--b\r\nContent-Disposition: form-data; name="t"; filename="t"\r\n\r\n1\r\n2\r\n'],
  ])('%s is refused', async (_, body) => {
    const reply = await send(server, body, {}, asForm)
    expect([reply.status, reply.text]).toEqual([
      400,
      expect.stringMatching(/^Code: 27\. DB::Exception: The multipart form can't be read: /),
    ])
    expect((await send(server, 'SELECT 1')).text).toBe('1\n')
  })

  test('without a boundary is refused', async () => {
    const reply = await send(server, 'x', {}, { 'Content-Type': 'multipart/form-data' })
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining('Boundary not found')])
  })

  test('with too many parts or too much in its fields is refused', async () => {
    const many = Array.from({ length: 1_001 }, (_, i): Field => [`param_${i}`, 'x'])
    expect(await post(many)).toMatchObject({
      status: 413,
      text: expect.stringContaining('1000 parts') as string,
    })
    const large: Field[] = [
      ['param_a', 'x'.repeat(10 << 20)],
      ['param_b', 'x'.repeat(10 << 20)],
    ]
    expect(await post(large)).toMatchObject({
      status: 413,
      text: expect.stringContaining('16777216 bytes of fields') as string,
    })
    expect((await send(server, 'SELECT 1')).text).toBe('1\n')
  })

  test('that comes with GET is not looked at', async () => {
    const reply = await fetch(`${server.url}/?query=SELECT%201`, {
      headers: asForm,
    })
    expect(await reply.text()).toBe('1\n')
  })
})
