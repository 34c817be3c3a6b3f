import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { limits } from '@pulsehouse/events'
import { readLogStream, readLogStreamState, type Chunk, type NatsLink } from '@pulsehouse/platform'
import { until } from '../../../tests/support/until.js'
import {
  openMigratedClickhouse,
  openNats,
  startClickhouseServer,
  startIngester,
} from '../../../tests/support/servers.js'
import { temporaryFolder } from '../../../tests/support/temporary-folder.js'
import { intakeLimits } from '../src/intake/limits.js'
import type { Log } from '../src/logs/log.js'
import { adminKey, bearer, type ProblemBody } from './support/app.js'
import { ingestKey, readKey, startTailStack, type TailStack } from './support/tail-stack.js'

interface Answer {
  accepted: number
  chunks: number
  refused_count: number
  refused: { line: number; reason: string; detail: string }[]
}
type Refused = ProblemBody & { queued_chunks?: number; refused?: Answer['refused'] }

const ndjson = { 'Content-Type': 'application/x-ndjson' }
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => JSON.stringify({ message: `n ${index}` }))

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
async function send<Body>(
  stack: TailStack,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body; headers: Headers }> {
  const response = await fetch(`${stack.url}/v1/events`, {
    method: 'POST',
    headers: { ...ndjson, ...bearer(ingestKey), ...headers },
    body,
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
}

/** All chunks that the queue holds. */
async function chunksOf(nats: NatsLink, count: number): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  const reading = await readLogStream(nats, 1)
  for await (const chunk of reading) {
    chunks.push(chunk)
    if (chunk.pending === 0) break
  }
  reading.stop()
  expect(chunks).toHaveLength(count)
  return chunks
}

describe('events over HTTP', () => {
  test('are in the queue when the answer comes, in chunks within the limits; what is none is named', async () => {
    const stack = await startTailStack()
    const lines = numbered(4_100)
    lines[2] = 'no event'
    lines[4_000] = '{"message":"x","status_code":7}'
    const { status, body } = await send<Answer>(stack, lines.join('\n'))
    expect(status).toBe(202)
    expect(body).toMatchObject({ accepted: 4_098, chunks: 3, refused_count: 2 })
    expect(body.refused).toEqual([
      { line: 3, reason: 'invalid_json', detail: 'the line is no JSON' },
      expect.objectContaining({ line: 4_001, reason: 'invalid_field' }),
    ])
    const chunks = await chunksOf(stack.nats, 3)
    const queued = chunks.flatMap(({ payload }) => Buffer.from(payload).toString().trimEnd().split('\n'))
    expect(queued).toEqual(lines.filter((_, index) => index !== 2 && index !== 4_000))
    for (const { payload, contentType } of chunks) {
      expect(payload.length).toBeLessThanOrEqual(limits.chunkBytesMax)
      expect(contentType).toBe('application/x-ndjson')
    }
  })

  test('are found by the list of logs, protected', async () => {
    const folder = temporaryFolder()
    const clickhouseServer = await startClickhouseServer(folder)
    const clickhouse = await openMigratedClickhouse(clickhouseServer)
    const stack = await startTailStack({}, { clickhouse })
    startIngester(folder, stack.server, clickhouseServer)
    const event = { message: 'over http', user_id: 'jane', token: 'secret-token-1' }
    expect(
      (await send(stack, JSON.stringify([event, event]), { 'Content-Type': 'application/json' })).status,
    ).toBe(202)
    const found = await until('the events are stored', async () => {
      const response = await fetch(`${stack.url}/v1/logs?q=http`, { headers: bearer(adminKey) })
      const { data } = (await response.json()) as { data: Log[] }
      return data.length === 2 ? data : undefined
    })
    expect(found[0]?.user_id).toMatch(/^user_[a-z2-7]{16}$/)
    expect(JSON.stringify(found)).not.toContain('secret-token-1')
  })

  test('come as gzip, as one object, and as an array', async () => {
    const stack = await startTailStack()
    const gzip = { 'Content-Encoding': 'gzip' }
    expect((await send<Answer>(stack, gzipSync(numbered(3).join('\n')), gzip)).body.accepted).toBe(3)
    const json = { 'Content-Type': 'application/json; charset=utf-8' }
    expect((await send<Answer>(stack, '{\n  "message": "one"\n}', json)).body.accepted).toBe(1)
    const mixed = await send<Answer>(stack, '[{"message":"a"},7,{"message":"b"}]', json)
    expect(mixed.body).toMatchObject({ accepted: 2, refused: [{ line: 2, reason: 'invalid_json' }] })
    const queued = (await chunksOf(stack.nats, 3)).map(({ payload }) => Buffer.from(payload).toString())
    expect(queued.slice(1)).toEqual(['{"message":"one"}\n', '{"message":"a"}\n{"message":"b"}\n'])
  })

  test('are not doubled by a retry with the same key, and two equal chunks of one body are two', async () => {
    const stack = await startTailStack()
    const body = [...numbered(1), ...Array<string>(3_999).fill('{"message":"same"}')].join('\n')
    const equal = Array(4_000).fill('{"message":"same"}').join('\n')
    const key = { 'Idempotency-Key': 'batch-1' }
    for (const attempt of [body, body, equal, equal]) {
      expect((await send<Answer>(stack, attempt, key)).body).toMatchObject({ accepted: 4_000, chunks: 2 })
    }
    // The first chunks differ; the second one of each body is the same chunk under the same number.
    await chunksOf(stack.nats, 3)
    expect((await send(stack, body)).status).toBe(202)
    await chunksOf(stack.nats, 5)
    expect((await send<ProblemBody>(stack, body, { 'Idempotency-Key': 'a b' })).body.errors).toMatchObject([
      { parameter: 'idempotency-key' },
    ])
  })

  test('are refused where the body is too large, also when only its contents are, and nothing is queued', async () => {
    const stack = await startTailStack()
    const line = `{"message":"${'x'.repeat(1_000)}"}\n`
    const large = line.repeat(Math.ceil(intakeLimits.bodyBytesMax / line.length) + 1)
    expect((await send(stack, large)).status).toBe(413)
    // It is given up while it is being unpacked: its contents never stand in memory.
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024, 32))
    expect(bomb.length).toBeLessThan(1024 * 1024)
    const before = process.memoryUsage().rss
    expect((await send(stack, bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413)
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024)
    expect((await readLogStreamState(stack.nats)).lastSeq).toBe(0)
  })

  test('are refused with a sentence where nothing can be made of the body', async () => {
    const stack = await startTailStack()
    const zip = { 'Content-Encoding': 'gzip' }
    const json = { 'Content-Type': 'application/json' }
    for (const [body, headers, status] of [
      ['', {}, 400],
      ['[]', json, 400],
      ['{', json, 400],
      ['no gzip', zip, 400],
      [gzipSync('{"message":"x"}').subarray(0, 20), zip, 400],
      ['{"message":"x"}', { 'Content-Encoding': 'br' }, 415],
      ['{"message":"x"}', { 'Content-Type': 'text/plain' }, 415],
      ['{"message":"x"}', bearer(readKey), 403],
    ] as [string | Buffer, Record<string, string>, number][]) {
      const answer = await send<ProblemBody>(stack, body, headers)
      expect([body, answer.status]).toEqual([body, status])
      expect(answer.body.detail).toMatch(/\w{4,}/)
    }
    const none = await send<Refused>(stack, 'a\nb\n')
    expect(none.status).toBe(400)
    expect(none.body.refused?.map(({ line }) => line)).toEqual([1, 2])
    const many = await send<Answer>(stack, [...Array(300).fill('x'), '{"message":"x"}'].join('\n'))
    expect(many.body).toMatchObject({ accepted: 1, refused_count: 300 })
    expect(many.body.refused).toHaveLength(intakeLimits.refusedListedMax)
  })

  test('are refused in a bounded time when the queue is full, saying what it took', async () => {
    const stack = await startTailStack({}, {}, { streamBytes: 1_100_000, intake: { publishTimeMs: 500 } })
    const line = `{"message":"${'x'.repeat(1_000)}"}`
    const answer = await send<Refused>(stack, Array(2_500).fill(line).join('\n'))
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(answer.body.queued_chunks).toBe(2)
    expect(answer.body.detail).toContain('the queue is full')
    await chunksOf(stack.nats, 2)
  })

  test('are refused in a bounded time when NATS is away, and a retry is not doubled', async () => {
    const stack = await startTailStack({}, {}, { intake: { publishTimeMs: 500 } })
    const key = { 'Idempotency-Key': 'retry-me' }
    await stack.server.kill('SIGKILL')
    const away = await send<Refused>(stack, numbered(5).join('\n'), key)
    expect(away.status).toBe(503)
    expect(away.body.queued_chunks).toBe(0)
    await stack.server.restart()
    await until('it is taken', async () => {
      const { status } = await send(stack, numbered(5).join('\n'), key)
      return status === 202 || undefined
    })
    const nats = await openNats(stack.server)
    await chunksOf(nats, 1)
  })
})
