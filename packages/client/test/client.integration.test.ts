import { describe, expect, test } from 'vitest'
import { answerOf, ApiProblem, createClient, type PulsehouseClient } from '@pulsehouse/client'
import { adminKey } from '../../api/test/support/app.js'
import { startFilledApi } from '../../../tests/support/filled-api.js'

describe('the client, against a real API:', () => {
  test('answers are typed and whole', async () => {
    const stack = await startFilledApi({ minutes: 3, eventsPerSecond: 20 })
    const { url } = await stack.serve()
    const client = createClient({ url, key: adminKey })

    const page = await answerOf(
      client.GET('/v1/logs', { params: { query: { level: ['ERROR', 'WARN'], limit: 5 } } }),
    )
    expect(page.data).toHaveLength(5)
    for (const log of page.data) expect(['ERROR', 'WARN']).toContain(log.level)

    // Cursors and lists travel as the API wants them.
    const cursor = page.next_cursor ?? ''
    const next = await answerOf(
      client.GET('/v1/logs', { params: { query: { level: ['ERROR', 'WARN'], limit: 5, cursor } } }),
    )
    expect(next.data.map(({ id }) => id)).not.toEqual(page.data.map(({ id }) => id))

    const lag = await answerOf(client.GET('/v1/pipeline/lag'))
    expect(lag).toMatchObject({ chunks: 0, seconds: 0 })
    await refusesWithWords(client, url)
  })
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
