import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { limits } from '@pulsehouse/events'
import { connectClickhouse } from '@pulsehouse/platform'
import { lineChunks } from '../scripts/import/line-chunks.js'
import { placeFor, runToEnd, startStack } from './support/stack.js'
import { temporaryFolder } from './support/temporary-folder.js'

const root = join(import.meta.dirname, '..')

/** Lines of an access log, of the kinds that real ones hold. */
function accessLines(count: number): string[] {
  const day = Date.UTC(2015, 4, 17, 10, 5, 3)
  const requests = [
    '"GET /presentations/2013/images/kibana-search.png HTTP/1.1" 200 203023 "http://semicomplete.com/" "Mozilla/5.0 (Macintosh)"',
    '"GET /blog/tags/firefox?flav=rss20 HTTP/1.1" 200 16021 "-" "UniversalFeedParser/4.2-pre \\"beta\\""',
    '"-" 408 - "-" "-"',
    String.raw`"\x16\x03\x01\x00\xcc" 400 226 "-" "-"`,
    '"POST /login?user=a&token=secret HTTP/2.0" 302 -',
    '"GET / HTTP/1.0" 200 12 "-" "cut agent (Linux',
  ]
  return Array.from({ length: count }, (_, index) => {
    const [, date, month, year, time] =
      /(\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(day + index * 60_000).toUTCString()) ?? []
    const address = index % 5 === 0 ? `2001:db8::${index.toString(16)}` : `198.51.100.${index % 250}`
    return `${address} - ${index % 7 === 0 ? 'frank' : '-'} [${date}/${month}/${year}:${time} +0000] ${requests[index % requests.length]}`
  })
}

test('files of every kind are imported: access logs packed, moved to now, from standard input', async () => {
  const folder = temporaryFolder()
  const stack = await startStack(await placeFor(join(folder, 'data')), '--no-generator')
  const clickhouse = connectClickhouse({ url: stack.clickhouseUrl, application: 'test' })
  const count = 3_000
  const packed = join(folder, 'access.log.gz')
  writeFileSync(packed, gzipSync(accessLines(count).join('\r\n')))

  const old = await runToEnd('import', '--format', 'combined', ...stack.options, packed)
  expect(old.output).toContain('Accepted 3,000 events')
  expect(old.output).toContain('Stored 3,000, rejected 0.')
  const [first] = await clickhouse.query(
    `SELECT min(timestamp) AS oldest, max(timestamp) AS newest, countIf(http_method = '') AS broken, uniq(received_day) AS days FROM logs`,
  )
  expect(first).toEqual({
    oldest: '2015-05-17T10:05:03.000000Z',
    newest: '2015-05-19T12:04:03.000000Z',
    broken: 1_000,
    days: 1,
  })

  const moved = await runToEnd('import', '--format', 'combined', '--rebase', 'now', ...stack.options, packed)
  expect(moved.output).toContain('Stored 3,000, rejected 0.')
  const [second] = await clickhouse.query(
    `SELECT now() - max(timestamp) < 60 AS now, max(timestamp) - min(timestamp) AS seconds FROM logs WHERE timestamp > '2020-01-01'`,
  )
  expect(second).toEqual({ now: 1, seconds: (count - 1) * 60 })

  const lines = [
    '{"msg":"one","time":1763800000000,"level":30}',
    '{broken',
    'x'.repeat(limits.lineBytesMax * 3),
    '{"msg":"two"}',
  ]
  const piped = spawnSync(
    process.execPath,
    [join(root, 'scripts/run.mjs'), 'import', '--format', 'json', ...stack.options, '-'],
    { input: lines.join('\n'), encoding: 'utf8' },
  )
  expect(piped.stdout).toContain('Accepted 4 events')
  expect(piped.stdout).toContain('Stored 2, rejected 2.')
  expect(piped.stdout).toMatch(/1 × invalid_json, first at standard input, line 2: /)
  expect(piped.stdout).toMatch(/1 × too_long, first at standard input, line 3: /)
  await clickhouse.close()
})

test('a wrong call says what is wrong and publishes nothing', async () => {
  const missing = await runToEnd('import', '--format', 'json', '/no/such/file.log')
  expect(missing).toEqual({ code: 2, output: 'There is no file /no/such/file.log.\n' })
  const unknown = await runToEnd('import', '--format', 'xml')
  expect(unknown).toEqual({ code: 2, output: '--format is "xml": choose one of json, pipe, combined\n' })
  const away = await runToEnd('import', '--format', 'json', '--nats-port', '1', join(root, 'README.md'))
  expect(away.code).toBe(1)
  expect(away.output).toContain('No NATS server answers at nats://127.0.0.1:1; run npm start')
})

test('chunks keep every byte of every line, whatever the pieces in which they are read', async () => {
  const lines = Array.from({ length: 5_000 }, (_, index) => 'é'.repeat(index % 300))
  const bytes = Buffer.from(lines.join('\n'))
  for (const size of [1_000, 4_099, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    )
    const chunks: Buffer[] = []
    for await (const { payload, lines: count } of lineChunks(asStream(pieces))) {
      expect(payload.length).toBeLessThanOrEqual(limits.chunkBytesMax)
      expect(count).toBeLessThanOrEqual(limits.chunkEventsMax)
      expect(payload.at(-1)).toBe(0x0a)
      chunks.push(payload)
    }
    expect(Buffer.concat(chunks).toString()).toBe(`${lines.join('\n')}\n`)
  }
})

async function* asStream(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces
}
