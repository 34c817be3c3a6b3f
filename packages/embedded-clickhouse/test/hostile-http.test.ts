import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createCompressor } from '../src/http/compression/compress.js'
import type { Encoding } from '../src/http/compression/encoding.js'
import type { StartedClickhouse } from '../src/index.js'
import { send, startServer, temporaryFolder, until } from './harness.js'

const folder = temporaryFolder()
let server: StartedClickhouse
beforeAll(async () => {
  server = await startServer(folder.path)
  await send(server, 'CREATE TABLE hostile (a String) ENGINE = MergeTree ORDER BY a')
})
afterEach(async () => {
  expect((await send(server, 'SELECT count() FROM hostile')).text).toBe('0\n')
})
afterAll(async () => {
  await server?.close()
  folder.remove()
})

/** Sends bytes as they are and reads until the server closes the connection. */
function raw(...pieces: (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1')
    let reply = ''
    socket.setEncoding('latin1').on('data', (text: string) => (reply += text))
    // The server may close while we still write; what it has said counts.
    socket.on('error', () => {}).on('close', () => resolve(reply))
    for (const piece of pieces) socket.write(piece)
  })
}

function requestOf(method: string, target: string, headers: string[] = [], body = ''): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', body].join(
    '\r\n',
  )
}

function post(headers: string[], body: string, target = '/'): string {
  return requestOf('POST', target, headers, body)
}

const get = (target: string, headers: string[] = []): string => requestOf('GET', target, headers)
const select = 'Content-Length: 8'

/** The status line and the exception of a reply. */
const refused = (status: number, code: number, sentence: string) =>
  expect.stringMatching(
    new RegExp(
      `^HTTP/1\\.1 ${status} [^]*Code: ${code}\\. DB::Exception: [^]*${sentence.replaceAll(/[()[\]^.*+?]/g, String.raw`\$&`)}`,
    ),
  ) as string

describe('what is no HTTP request', () => {
  test.each([
    ['TLS', '\x16\x03\x01\x02\x00\x01\r\n\r\n'],
    ['an unknown method', 'BREW / HTTP/1.1\r\n\r\n'],
    ['a line end without its carriage return', 'GET /ping HTTP/1.1\nHost: localhost\n\n'],
    ['a folded header', get('/ping', ['X: a', ' b'])],
    ['a NUL in the address', get('/?query=SELECT\0')],
    ['a NUL in a header', get('/ping', ['X: a\0b'])],
    ['an address that is not escaped', get('/?query=SELECT%20\xfc')],
    ['a negative length', post(['Content-Length: -1'], 'SELECT 1')],
    ['two lengths', post([select, 'Content-Length: 9'], 'SELECT 1')],
    ['a length and chunks', post([select, 'Transfer-Encoding: chunked'], '8\r\nSELECT 1\r\n0\r\n\r\n')],
    ['an unknown transfer encoding', post(['Transfer-Encoding: xchunked'], '8\r\nSELECT 1\r\n0\r\n\r\n')],
    ['chunks that are not last', post(['Transfer-Encoding: chunked, gzip'], '8\r\nSELECT 1\r\n0\r\n\r\n')],
    ['a chunk of no size', post(['Transfer-Encoding: chunked'], 'ZZ\r\nSELECT 1\r\n0\r\n\r\n')],
    ['a chunk of 2^72', post(['Transfer-Encoding: chunked'], 'FFFFFFFFFFFFFFFFFF\r\nx')],
  ])('%s', async (_, bytes) => {
    expect(await raw(Buffer.from(bytes, 'latin1'))).toEqual(refused(400, 1000, 'This is no HTTP request'))
  })

  test.each([
    ['an address', get(`/?query=${'a'.repeat(2 << 20)}`)],
    ['a header', get('/ping', [`X: ${'a'.repeat(2 << 20)}`])],
    [
      'headers',
      get(
        '/ping',
        Array.from({ length: 100_000 }, (_, i) => `X-${i}: aaaaaaaaaaaa`),
      ),
    ],
  ])('%s beyond the limit', async (_, bytes) => {
    expect(await raw(bytes)).toEqual(refused(431, 290, 'may have 1048576 bytes'))
  })

  test('CONNECT', async () => {
    expect(await raw('CONNECT example.com:80 HTTP/1.1\r\n\r\n')).toEqual(refused(405, 48, 'no proxy'))
  })
})

describe('what this server does not serve', () => {
  test.each(['PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])('%s', async (method) => {
    expect(await raw(requestOf(method, '/'))).toMatch(/^HTTP\/1\.1 405 [^]*is not served here/)
  })

  test('a transfer encoding beside chunked', async () => {
    const bytes = post(['Transfer-Encoding: gzip, chunked'], '8\r\nSELECT 1\r\n0\r\n\r\n')
    expect(await raw(bytes)).toEqual(refused(501, 48, 'use Content-Encoding'))
  })

  test.each(['compress', 'decompress'])("ClickHouse's own compression: %s=1", async (name) => {
    expect(await raw(post([select], 'SELECT 1', `/?${name}=1`))).toEqual(
      refused(501, 48, 'use Content-Encoding'),
    )
  })
})

describe('a web page of somebody else', () => {
  const said = (sql: string, ...headers: string[]): string =>
    post([`Content-Length: ${sql.length}`, ...headers], sql)
  const insert = said('INSERT INTO hostile VALUES (1)')

  test.each([
    [
      'asks from its own address',
      insert.replace('Host: localhost', 'Host: localhost\r\nOrigin: http://evil.example'),
    ],
    ['asks from nowhere', insert.replace('Host: localhost', 'Host: localhost\r\nOrigin: null')],
    ['has made its name mean this machine', insert.replace('Host: localhost', 'Host: evil.example:8123')],
  ])('that %s is refused', async (_, bytes) => {
    const reply = await raw(bytes)
    expect(reply).toMatch(/^HTTP\/1.1 403 /)
    expect(reply).toContain('ACCESS_DENIED')
  })

  test('that is of this machine may ask', async () => {
    const reply = await raw(
      said('SELECT 1', 'Origin: http://localhost:3000').replace('Host: localhost', 'Host: 127.0.0.1:1'),
    )
    expect(reply).toMatch(/^HTTP\/1.1 200 /)
  })
})

describe('a request that breaks off', () => {
  const insert = `/?query=${encodeURIComponent('INSERT INTO hostile FORMAT TSV')}`

  test.each([
    ['in its headers', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-'],
    ['before its length', post(['Content-Length: 100'], 'a\nb\n', insert)],
    ['in a chunk', post(['Transfer-Encoding: chunked'], '8\r\na\nb', insert)],
    ['before its last chunk', post(['Transfer-Encoding: chunked'], '4\r\na\nb\n\r\n', insert)],
  ])('%s inserts nothing', async (_, bytes) => {
    await new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.end(bytes))
      socket
        .on('error', () => {})
        .on('close', () => resolve())
        .resume()
    })
  })

  test('while 200 others do', async () => {
    const bytes = post(['Transfer-Encoding: chunked'], '4\r\na\nb\n\r\n', insert)
    const sockets = Array.from({ length: 200 }, () => connect(server.port, '127.0.0.1'))
    for (const socket of sockets) socket.on('error', () => {}).write(bytes)
    expect((await send(server, 'SELECT 1')).text).toBe('1\n')
    for (const socket of sockets) socket.destroy()
  })
})

describe('a length that lies', () => {
  test('leaves a rest that is taken for a request, and refused', async () => {
    const bytes = post(['Content-Length: 3'], '+ 2', '/?query=SELECT+1').replace('close', 'keep-alive')
    const reply = await raw(`${bytes}; DROP TABLE hostile\r\n\r\n`)
    expect(reply).toMatch(/This is no HTTP request/)
  })

  test('behind GET is part of the statement and not of the next request', async () => {
    const first = get('/?query=SELECT+1', ['Content-Length: 3']).replace('close', 'keep-alive')
    const reply = await raw(`${first}+ 2${get('/ping')}`)
    expect(reply).toMatch(/^HTTP\/1\.1 200 [^]*\r\n3\n[^]*HTTP\/1\.1 200 [^]*Ok\.\n/)
  })
})

describe('an address', () => {
  test.each([
    ['%ZZ', 'bad escape'],
    ['%', 'bad escape'],
    ['SELECT%20%FF', 'bad escape'],
    ['SELECT%20%C3%28', 'bad escape'],
    ['%ED%A0%80', 'bad escape'],
  ])('with %s in it', async (query, sentence) => {
    expect(await raw(get(`/?query=${query}`))).toEqual(refused(400, 36, sentence))
    expect(await raw(get(`/?query=SELECT%201&${query}=1`))).toEqual(refused(400, 36, sentence))
  })

  test.each([
    ['a NUL in the statement', '/?query=SELECT%201%00', 400, 62, 'Unrecognized token'],
    ['a NUL in a setting', '/?query=SELECT%201&max_threads=1%00', 400, 0, ''],
    ['a setting called __proto__', '/?query=SELECT%201&__proto__=1', 404, 115, '__proto__'],
    ['a format that is none', '/?query=SELECT%201&default_format=a%0d%0ab', 404, 73, 'Unknown format'],
    [
      'a format in the statement that is none',
      '/?query=SELECT%201%20FORMAT%20%E6%97%A5',
      404,
      73,
      'Unknown format',
    ],
    ['a query id that is no ASCII', '/?query=SELECT%201&query_id=%E6%97%A5', 400, 36, 'query id'],
    ['a query id that is long', `/?query=SELECT%201&query_id=${'a'.repeat(1000)}`, 400, 36, 'query id'],
    ['a session time-out that is none', '/?query=SELECT%201&session_id=x&session_timeout=1e9', 500, 374, ''],
  ])('with %s', async (_, target, status, code, sentence) => {
    const reply = await raw(get(target))
    expect(reply).toMatch(/^HTTP\/1\.1 [45]\d\d [^]*Code: \d+\. DB::Exception/)
    if (code !== 0) expect(reply).toEqual(refused(status, code, sentence))
  })

  test('with line ends in the query id puts no header into the reply', async () => {
    const reply = await raw(get('/?query=SELECT%201&query_id=a%0d%0aX-Evil:%201'))
    expect(reply).toMatch(/^HTTP\/1\.1 200 /)
    expect(reply).not.toMatch(/^X-Evil/m)
  })

  test.each(['//', '/../../etc/passwd', '/%2e%2e/', '/?', '*', 'http://[', '/#?query=SELECT', '/ping/'])(
    '%s gets some answer',
    async (target) => expect(await raw(get(target))).toMatch(/^HTTP\/1\.1 [234]\d\d /),
  )
})

describe('who asks', () => {
  test.each([
    ['***', 'no base64'],
    ['ZGVmYXVsdDo=====', 'no base64'],
    ['ZGVm YXVsdDo=', 'no base64'],
    ['', 'no base64'],
    [Buffer.from('nobody:x').toString('base64'), 'password is incorrect'],
    [Buffer.from('default\0:').toString('base64'), 'password is incorrect'],
  ])('Basic %s is refused', async (encoded, sentence) => {
    const reply = await raw(post([`Authorization: Basic ${encoded}`, select], 'SELECT 1'))
    expect(reply).toEqual(refused(403, 516, sentence))
  })

  test.each(['Bearer x', 'Negotiate', 'Digest username="default"'])('%s is refused', async (header) => {
    expect(await raw(post([`Authorization: ${header}`, select], 'SELECT 1'))).toEqual(
      refused(403, 516, 'not supported; use Basic'),
    )
  })
})

describe('a statement', () => {
  test('that is no UTF-8 stays what it is', async () => {
    const body = new Uint8Array(Buffer.from("SELECT hex('\xff\xfe')", 'latin1'))
    expect((await send(server, body)).text).toBe('FFFE\n')
  })

  test('that is too long is refused, and the client reads why although it still sends', async () => {
    const reply = await send(server, `SELECT 1 ${' '.repeat(17 << 20)}`)
    expect([reply.status, reply.text]).toEqual([413, expect.stringMatching(/^Code: 229\./)])
  })

  test.each([
    ['a string of 12 MB', `SELECT '${'a'.repeat(12 << 20)}'`],
    ['3,000,000 escapes', `SELECT '${'\\a'.repeat(3_000_000)}'`],
    ['20,000 tags of heredocs', `SELECT ${Array.from({ length: 20_000 }, (_, i) => `$a${i}$`).join(' ')}`],
    ['an open comment', `SELECT ${'/*'.repeat(1_000_000)}`],
    ['1,000,000 brackets', `SELECT ${'('.repeat(1_000_000)}`],
  ])('of %s is refused soon', async (_, sql) => {
    expect((await send(server, sql)).text).toMatch(/^Code: 62\. DB::Exception: /)
  })

  test('that comes byte by byte is read once and not for every byte', async () => {
    const bytes = Buffer.from(`INSERT INTO hostile (${'a,'.repeat(20_000)}`)
    const chunks = Array.from(bytes, (byte) => `1\r\n${String.fromCharCode(byte)}\r\n`)
    const reply = await raw(post(['Transfer-Encoding: chunked'], ''), ...chunks, '0\r\n\r\n')
    expect(reply).toEqual(refused(400, 62, 'Syntax error'))
  })
})

async function bombOf(encoding: Encoding, megabytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const compressor = createCompressor(encoding)
  const out: Buffer[] = []
  const read = (async () => {
    for await (const chunk of compressor) out.push(chunk as Buffer)
  })()
  compressor.write('SELECT 1')
  for (let i = 0; i < megabytes; i += 1)
    if (!compressor.write(Buffer.alloc(1 << 20, ' ')))
      await new Promise((resolve) => compressor.once('drain', resolve))
  compressor.end()
  await read
  return new Uint8Array(Buffer.concat(out))
}

function residentMegabytes(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024
}

describe.runIf(process.platform === 'linux')('a bomb', () => {
  test.each(['gzip', 'deflate', 'br', 'zstd', 'lz4'] as const)(
    'in %s is stopped at the limit of a statement',
    async (encoding) => {
      const bomb = await bombOf(encoding, 200)
      const before = residentMegabytes()
      const replies = await Promise.all(
        Array.from({ length: 4 }, () => send(server, bomb, {}, { 'Content-Encoding': encoding })),
      )
      for (const { status, text } of replies)
        expect([status, text]).toEqual([413, expect.stringMatching(/^Code: 229\. /)])
      expect(residentMegabytes() - before).toBeLessThan(400)
    },
  )

  test('in a form is stopped at the limit of its fields', async () => {
    const body = Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="query"\r\n\r\n'),
      Buffer.alloc(64 << 20, ' '),
      Buffer.from('\r\n--b--\r\n'),
    ])
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b' }
    const reply = await send(server, new Uint8Array(body), {}, headers)
    expect([reply.status, reply.text]).toEqual([413, expect.stringMatching(/^Code: 290\. /)])
  })
})

test('nothing of all this is left running', async () => {
  await until(async () => (await send(server, 'SELECT count() FROM system.processes')).text === '1\n')
})
