import { get, type IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ensureLogStream, logStream, purgeLogStream } from '@pulsehouse/platform'
import type { Log } from '../src/logs/log.js'
import { until } from '../../../tests/support/until.js'
import { adminKey, bearer, knownKeys, type ProblemBody } from './support/app.js'
import type { SseConnection, SseEvent } from './support/sse.js'
import { readKey, startTailStack } from './support/tail-stack.js'

/** Events with numbers for messages. */
const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    message: `n ${from + index}`,
    service: `s${(from + index) % 3}`,
  }))
const messagesOf = (events: readonly SseEvent[]): string[] =>
  events.filter(({ event }) => event === 'message').map(({ data }) => (JSON.parse(data) as Log).message ?? '')
const messages = (from: number, count: number): string[] =>
  numbered(from, count).map(({ message }) => message)
/** Waits for a number of logs and returns their messages. */
const received = async (connection: SseConnection, count: number): Promise<string[]> =>
  await connection.until(`${count} events`, (events) => {
    const found = messagesOf(events)
    return found.length >= count ? found : undefined
  })
const problemOf = async (response: Response): Promise<ProblemBody> => (await response.json()) as ProblemBody

describe('the live tail', () => {
  test('sends what comes from now on, protected and in order, as a log', async () => {
    const stack = await startTailStack()
    await stack.publish(numbered(0, 5))
    const connection = await stack.open()
    expect(connection.status).toBe(200)
    expect(connection.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await stack.publish([
      'no event',
      { message: 'hello', user_id: 'jane', ip_address: '203.0.113.7', token: 'secret' },
    ])
    await received(connection, 1)
    const [event] = connection.events
    const log = JSON.parse(event?.data ?? '') as Log
    expect(log).toMatchObject({
      message: 'hello',
      position: { stream_seq: 2, event_index: 1 },
      status_code: null,
    })
    expect(log.user_id).toMatch(/^user_/)
    expect(event?.id.startsWith(`${log.id}-`)).toBe(true)
    expect(event?.data).not.toContain('secret')
  })

  test('goes on behind the last id: nothing twice and nothing missed, within a chunk too', async () => {
    const stack = await startTailStack()
    const first = await stack.open()
    await stack.publish(numbered(0, 10))
    await received(first, 10)
    first.close()
    await stack.publish(numbered(10, 10))
    const third = first.events[2]?.id ?? ''
    const second = await stack.open('', { 'Last-Event-ID': third })
    await stack.publish(numbered(20, 10))
    expect(await received(second, 27)).toEqual(messages(3, 27))
  })

  test('goes on from what the queue holds, however far behind the window it is', async () => {
    const stack = await startTailStack({ lookbackChunksMax: 2 })
    await stack.publish(numbered(0, 4))
    const first = await stack.open('?since=-1h')
    expect(await received(first, 4)).toEqual(messages(0, 4))
    const id = first.events[1]?.id ?? ''
    first.close()
    for (let chunk = 1; chunk < 20; chunk += 1) await stack.publish(numbered(chunk * 4, 4))
    // Another process of the API, which has read nothing yet.
    const other = await stack.anotherApi()
    const [second, now] = [await other.open('', { 'Last-Event-ID': id }), await other.open()]
    expect(await received(second, 78)).toEqual(messages(2, 78))
    await stack.publish(numbered(80, 4))
    expect(await received(second, 82)).toEqual(messages(2, 82))
    expect(await received(now, 4)).toEqual(messages(80, 4))
  })

  test('reads back a little for the first reader, and for it alone', async () => {
    const stack = await startTailStack()
    const first = await stack.open()
    for (let chunk = 0; chunk < 10; chunk += 1) await stack.publish(numbered(chunk * 4, 4))
    await received(first, 40)
    const other = await stack.anotherApi()
    const second = await other.open('', { 'Last-Event-ID': first.events[5]?.id ?? '' })
    const now = await other.open()
    const third = await other.open('', { 'Last-Event-ID': first.events[30]?.id ?? '' })
    await stack.publish(numbered(40, 4))
    expect(await received(second, 38)).toEqual(messages(6, 38))
    expect(await received(third, 13)).toEqual(messages(31, 13))
    expect(await received(now, 4)).toEqual(messages(40, 4))
  })

  test('survives a restart of nats-server', async () => {
    const stack = await startTailStack()
    const connection = await stack.open()
    await stack.publish(numbered(0, 3))
    await received(connection, 3)
    await stack.server.kill('SIGKILL')
    await stack.server.restart()
    await stack.publish(numbered(3, 3))
    expect(await received(connection, 6)).toEqual(messages(0, 6))
    await stack.publish(numbered(6, 3))
    expect(await received(connection, 9)).toEqual(messages(0, 9))
  })

  test('says what is missing where the queue does not hold it any more', async () => {
    const stack = await startTailStack()
    const first = await stack.open()
    await stack.publish(numbered(0, 3))
    await received(first, 3)
    const id = first.events[1]?.id ?? ''
    for (let chunk = 1; chunk < 6; chunk += 1) await stack.publish(numbered(chunk * 3, 3))
    await received(first, 18)
    await purgeLogStream(stack.nats, 4)
    const other = await stack.anotherApi()
    const second = await other.open('', { 'Last-Event-ID': id })
    expect(await received(second, 6)).toEqual(messages(12, 6))
    const [gap] = second.events
    expect(gap?.event).toBe('gap')
    const told = JSON.parse(gap?.data ?? '') as Record<string, string>
    expect(told['after']).toBe(id)
    expect(Date.parse(told['from'] ?? '')).toBeLessThan(Date.parse(told['to'] ?? ''))
    // Whoever goes on from the gap is not told of it again.
    const third = await other.open('', { 'Last-Event-ID': gap?.id ?? '' })
    expect(await received(third, 6)).toEqual(messages(12, 6))
    expect(third.events.filter(({ event }) => event === 'gap')).toEqual([])
    const since = await other.open('?since=-1h')
    await received(since, 6)
    expect(since.events[0]?.event).toBe('gap')
  })

  test('begins anew, and says so, when the stream is another one', async () => {
    const stack = await startTailStack()
    const connection = await stack.open('', { 'Last-Event-ID': '1000-7-2-1000' })
    // The stream is empty still: what the gap is told with must be an id to come back with.
    await until('the gap is told', () => Promise.resolve(connection.events[0]?.id))
    const back = await stack.open('', { 'Last-Event-ID': connection.events[0]?.id ?? '' })
    await stack.publish(numbered(0, 2))
    expect(await received(connection, 2)).toEqual(messages(0, 2))
    expect(await received(back, 2)).toEqual(messages(0, 2))
    const [gap] = connection.events
    expect(gap?.event).toBe('gap')
    expect(JSON.parse(gap?.data ?? '')).toMatchObject({
      after: '1000-7-2-1000',
      from: '1970-01-01T00:16:40Z',
    })
  })

  test('goes over to a stream that is made anew while it reads, and says so', async () => {
    const stack = await startTailStack()
    const connection = await stack.open()
    await stack.publish(numbered(0, 3))
    await received(connection, 3)
    const before = connection.events[2]?.id ?? ''
    await stack.nats.manager.streams.delete(logStream.name)
    // A stream is told from another one by the second in which it was made.
    await until('another second', () =>
      Promise.resolve(Math.floor(Date.now() / 1000) > Number(before.split('-')[0]) || undefined),
    )
    await ensureLogStream(stack.nats, 32 * 1024 * 1024)
    await stack.publish(numbered(3, 3))
    expect(await received(connection, 6)).toEqual(messages(0, 6))
    expect(connection.events.map(({ event }) => event)).toEqual([
      ...Array<string>(3).fill('message'),
      'gap',
      ...Array<string>(3).fill('message'),
    ])
    const late = await stack.open('', { 'Last-Event-ID': before })
    expect(await received(late, 3)).toEqual(messages(3, 3))
    expect(late.events[0]?.event).toBe('gap')
  })

  test('filters', async () => {
    const stack = await startTailStack()
    const filtered = await stack.open('?service=s1,s2&q=n')
    const other = await stack.open('?contains=5')
    await stack.publish(numbered(0, 9))
    expect(await received(filtered, 6)).toEqual(messages(0, 9).filter((_, index) => index % 3 > 0))
    expect(await received(other, 1)).toEqual(['n 5'])
  })

  test('hides people from a key that may not see them, and does not let it look for them', async () => {
    const stack = await startTailStack()
    const connection = await stack.open('', bearer(readKey))
    await stack.publish([{ message: 'hello', user_id: 'jane', ip_address: '203.0.113.7' }])
    await received(connection, 1)
    expect(JSON.parse(connection.events[0]?.data ?? '')).toMatchObject({
      user_id: null,
      ip_address: null,
      ip_network: '203.0.113.0/24',
    })
    const response = await fetch(`${stack.url}/v1/logs/tail?user=jane`, { headers: bearer(readKey) })
    expect(response.status).toBe(403)
  })

  test('refuses bad parameters and ids by their name, and readers beyond the limit', async () => {
    const stack = await startTailStack({ readersMax: 1 })
    for (const [query, headers, parameter] of [
      ['', { 'Last-Event-ID': 'abc' }, 'last-event-id'],
      ['?since=soon', {}, 'since'],
      ['?form=1', {}, 'form'],
      ['?min_response_time=5&max_response_time=1', {}, 'min_response_time'],
    ] as const) {
      const response = await fetch(`${stack.url}/v1/logs/tail${query}`, {
        headers: { ...bearer(readKey), ...headers },
      })
      expect(response.status).toBe(400)
      expect((await problemOf(response)).errors?.map((error) => error.parameter)).toEqual([parameter])
    }
    const only = await stack.open()
    const second = await fetch(`${stack.url}/v1/logs/tail`, { headers: bearer(readKey) })
    expect(second.status).toBe(503)
    expect(second.headers.get('retry-after')).toBe('10')
    only.close()
    await only.until('a place is free', () => stack.tail.readers === 0 || undefined)
    expect((await stack.open()).status).toBe(200)
  })

  test('drops a reader that is too slow, with a word, and neither the others nor the queue wait for it', async () => {
    const stack = await startTailStack({ windowBytesMax: 2 * 1024 * 1024 })
    const quick = await stack.open()
    const response = await new Promise<IncomingMessage>((resolve) => {
      get(`${stack.url}/v1/logs/tail`, { headers: bearer(readKey), agent: false }, resolve)
    })
    // Nobody reads the response: soon all buffers on the way are full. A whole event is as long as a line may be.
    const pad = 'x '.repeat(100_000)
    const count = 120
    for (let number = 0; number < count; number += 2) {
      await stack.publish([
        { message: `n ${number}`, pad },
        { message: `n ${number + 1}`, pad },
      ])
    }
    expect(await received(quick, count)).toEqual(messages(0, count))
    let text = ''
    for await (const part of response.setEncoding('utf8')) text += part as string
    const blocks = text.split('\n\n').filter((block) => block !== '')
    const last = blocks.at(-1) ?? ''
    expect(last).toContain('event: dropped')
    expect(last).toContain('connect again with Last-Event-ID')
    // What it had is whole up to where it is told to go on.
    const id = /^id: (.*)$/m.exec(last)?.[1] ?? ''
    const had = blocks.filter((block) => block.startsWith('id: ')).length
    expect(had).toBeLessThan(count)
    const rest = await stack.open('', { 'Last-Event-ID': id })
    expect(await received(rest, count - had)).toEqual(messages(had, count - had))
  })

  test('cuts off a reader that takes nothing at all, and gives its place to another', async () => {
    const stack = await startTailStack({ readersMax: 1, cutOffMs: 200 })
    const response = await new Promise<IncomingMessage>((resolve) => {
      get(`${stack.url}/v1/logs/tail`, { headers: bearer(readKey), agent: false }, resolve)
    })
    const pad = 'x '.repeat(100_000)
    for (let number = 0; number < 60; number += 1) await stack.publish([{ pad }, { pad }])
    await until('the place is free', () => Promise.resolve(stack.tail.readers === 0 || undefined))
    expect((await stack.open()).status).toBe(200)
    response.destroy()
  })

  test('ends a reader whose key is revoked, and all of them when the API stops', async () => {
    let isKnown = true
    const fixed = knownKeys()
    const keys = { ...fixed, list: () => (isKnown ? fixed.list() : []) }
    const stack = await startTailStack({}, { keys })
    const revoked = await stack.open()
    isKnown = false
    await until('the reader is ended', () => Promise.resolve(revoked.ended() || undefined))
    isKnown = true
    const other = await stack.open()
    stack.tail.close()
    await until('the other one is ended', () => Promise.resolve(other.ended() || undefined))
    const late = await fetch(`${stack.url}/v1/logs/tail`, { headers: bearer(adminKey) })
    expect(late.status).toBe(503)
  })

  test('tells that it is alive when nothing comes, and up to where the reader has everything', async () => {
    const stack = await startTailStack({ heartbeatMs: 100 })
    const connection = await stack.open('?service=nobody')
    await stack.publish(numbered(0, 3))
    await until('a heartbeat has the new place', () =>
      Promise.resolve(/^\d+-1-\d+-\d+$/.test(connection.lastId()) || undefined),
    )
    expect(connection.events).toEqual([])
  })
})
