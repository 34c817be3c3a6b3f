import { describe, expect, test } from 'vitest'
import { appOf, ask, type ProblemBody } from './support/app.js'

interface Document {
  paths: Record<string, { get?: { responses: Record<string, { content?: Record<string, unknown> }> } }>
}

const app = appOf()
const { body: document } = await ask<Document>(app, '/openapi.json', {}, { Accept: 'text/csv' })
const operations = Object.entries(document.paths).flatMap(([path, { get }]) =>
  get === undefined || !path.startsWith('/v1/')
    ? []
    : [{ path, documented: get.responses, formats: Object.keys(get.responses['200']?.content ?? {}) }],
)
const jsonOnly = operations.filter(({ formats }) => formats.join() === 'application/json')

/** What the address answers to an Accept, asked for nothing: there is no ClickHouse, so that most of it is a problem. */
async function statusOf(path: string, accept: string | undefined): Promise<number> {
  const headers = accept === undefined ? {} : { Accept: accept }
  const response = await app.request(path.replaceAll(/\{\w+\}/g, '1-1-1'), { headers })
  await response.body?.cancel()
  return response.status
}

test('there are answers in JSON only, files, and a stream', () => {
  const names = jsonOnly.map(({ path }) => path)
  expect(names).toEqual(expect.arrayContaining(['/v1/logs/{id}', '/v1/pipeline/lag', '/v1/system/state']))
  expect(names).not.toContain('/v1/logs/tail')
  expect(names.filter((path) => /funnel|retention|delays|series|suspects/.test(path))).toEqual([])
})

describe.each(jsonOnly)('GET $path', ({ path, documented }) => {
  test.each(['text/csv', 'application/x-ndjson', 'application/json;q=0', 'text/html'])(
    'is not there as %s',
    async (accept) => {
      const { status, body } = await ask<ProblemBody>(
        app,
        path.replaceAll(/\{\w+\}/g, '1-1-1'),
        {},
        { Accept: accept },
      )
      expect([status, body.type]).toEqual([406, 'urn:pulsehouse:problem:not-acceptable'])
      expect(documented).toHaveProperty('406')
    },
  )

  test.each([undefined, '*/*', 'application/*', 'text/csv, */*;q=0.1', 'Application/JSON'])(
    'is JSON for %s',
    async (accept) => {
      expect(await statusOf(path, accept)).not.toBe(406)
    },
  )
})

test('pages, the document and the state of the process come whatever is asked for', async () => {
  for (const path of ['/', '/docs', '/openapi.json', '/healthz', '/pages/start.css']) {
    expect(await statusOf(path, 'text/csv'), path).toBe(200)
  }
})

test('who has no key hears of that first, and a change is not refused for how its answer looks', async () => {
  const headers = { Accept: 'text/csv', Authorization: 'Bearer ph_x' }
  expect((await app.request('/v1/pipeline/lag', { headers })).status).toBe(401)
  const change = await app.request('/v1/events', {
    method: 'POST',
    headers: { Accept: 'text/csv' },
    body: '',
  })
  expect(change.status).not.toBe(406)
})
