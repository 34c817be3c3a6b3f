import { expect, test } from 'vitest'
import { answerOf, ApiProblem, createClient, followLogs, type PulsehouseClient } from '@pulsehouse/client'
import { adminKey } from '../../api/test/support/app.js'
import { startFilledApi } from '../../../tests/support/filled-api.js'
import { until } from '../../../tests/support/until.js'

test('answers are typed and whole, and failures have words', async () => {
  const stack = await startFilledApi({ minutes: 3, eventsPerSecond: 20 })
  const { url } = await stack.serve()
  const client = createClient({ url, key: adminKey })

  // Lists and cursors travel as the API wants them.
  const query = { level: ['ERROR', 'WARN'] satisfies ('ERROR' | 'WARN')[], limit: 5 }
  const page = await answerOf(client.GET('/v1/logs', { params: { query } }))
  expect(page.data).toHaveLength(5)
  for (const log of page.data) expect(['ERROR', 'WARN']).toContain(log.level)
  const cursor = page.next_cursor ?? ''
  const next = await answerOf(client.GET('/v1/logs', { params: { query: { ...query, cursor } } }))
  const seen = new Set(page.data.map(({ id }) => id))
  expect(next.data.filter(({ id }) => seen.has(id))).toEqual([])

  expect(await answerOf(client.GET('/v1/pipeline/lag'))).toMatchObject({ chunks: 0, seconds: 0 })
  await refusesWithWords(client, url)
})

test('the live tail is followed across a restart of the API: no event is missed, and none comes twice', async () => {
  const stack = await startFilledApi({ minutes: 1, eventsPerSecond: 5 })
  const first = await stack.serve()
  const ended = new AbortController()
  const heard: string[] = []
  const options = { url: first.url, key: adminKey, query: { service: ['follow'] }, signal: ended.signal }
  const following = (async () => {
    for await (const said of followLogs(options))
      heard.push(said.kind === 'log' ? (said.log.message ?? '') : said.kind)
  })()
  let sent = 0
  const send = async (): Promise<void> => {
    sent += 1
    const event = {
      timestamp: new Date().toISOString(),
      level: 'INFO',
      service: 'follow',
      message: `event ${sent}`,
    }
    await stack.nats.jetstream.publish('logs.follow', JSON.stringify(event))
  }
  // What is sent before the reader is connected is not its to hear.
  await until('the tail is heard', async () => {
    await send()
    return heard.length > 0 || undefined
  })
  const heardFirst = Number(/\d+/.exec(heard[0] ?? '')?.[0])
  await first.close()
  for (let index = 0; index < 5; index += 1) await send()
  await stack.serve(Number(new URL(first.url).port))
  await send()
  await until('the rest is heard', async () => heard.includes(`event ${sent}`) || undefined)
  ended.abort()
  await following
  expect(heard).toEqual(
    Array.from({ length: sent - heardFirst + 1 }, (_, index) => `event ${heardFirst + index}`),
  )
})

test('a tail that the API refuses ends with its words', async () => {
  const stack = await startFilledApi({ minutes: 1, eventsPerSecond: 5 })
  const { url } = await stack.serve()
  const refused = followLogs({ url, key: 'ph_unknown' }).next()
  await expect(refused).rejects.toMatchObject({ status: 401 })
})

async function refusesWithWords(client: PulsehouseClient, url: string): Promise<void> {
  const bad = await client.GET('/v1/logs', { params: { query: { q: '' } } })
  expect([bad.response.status, bad.error?.errors?.[0]?.parameter]).toEqual([400, 'q'])
  const refused = answerOf(createClient({ url, key: 'ph_unknown' }).GET('/v1/pipeline/lag'))
  await expect(refused).rejects.toBeInstanceOf(ApiProblem)
  await expect(refused).rejects.toMatchObject({ status: 401, message: expect.stringContaining('unknown') })
  const elsewhere = createClient({ url: `${url}/elsewhere`, key: adminKey })
  await expect(answerOf(elsewhere.GET('/v1/pipeline/lag'))).rejects.toMatchObject({ status: 404 })
  const nobody = createClient({ url: 'http://127.0.0.1:1', key: adminKey })
  await expect(answerOf(nobody.GET('/v1/pipeline/lag'))).rejects.toThrow(TypeError)
}
