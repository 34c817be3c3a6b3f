import { describe, expect, test } from 'vitest'
import type { ApiKey, KeyRole } from '@pulsehouse/platform'
import { createApp } from '../src/app.js'
import { appOf, ask, bearer, knownKeys, nowMs, partsOf, type ProblemBody } from './support/app.js'

function holderOf(...roles: KeyRole[]): ApiKey {
  return { id: roles.join('-'), name: `test ${roles.join()}`, roles, createdAt: '', createdBy: 'test' }
}

const keyOf = (letter: string): string => `ph_${letter.repeat(43)}`
const [reader, sender, seer] = [keyOf('r'), keyOf('i'), keyOf('p')]
const keys = knownKeys({
  [reader]: holderOf('read'),
  [sender]: holderOf('ingest'),
  [seer]: holderOf('read', 'personal'),
})
/** An application that gets nothing but what a test sends. */
const bare = createApp(partsOf({ keys }))

describe('without a key', () => {
  const dataRoutes = bare.routes.filter(
    ({ method, path }) => method !== 'ALL' && (path.startsWith('/v1/') || path === '/metrics'),
  )

  test.each(dataRoutes.map(({ method, path }) => `${method} ${path}`))('%s is refused', async (route) => {
    const [method = '', path = ''] = route.split(' ')
    const response = await bare.request(path.replace(/:\w+/, 'x'), { method })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="pulsehouse"',
    ])
    expect(((await response.json()) as ProblemBody).type).toBe('urn:pulsehouse:problem:unauthorized')
  })

  test('nothing is said of which routes there are', async () => {
    expect((await bare.request('/v1/nothing')).status).toBe(401)
    expect((await bare.request('/v1/nothing', { headers: bearer(reader) })).status).toBe(404)
  })

  test.each(['/', '/healthz', '/docs', '/openapi.json'])('%s answers', async (path) => {
    expect((await bare.request(path)).status).toBe(200)
  })
})

test.each([
  ['another key', `Bearer ${keyOf('x')}`],
  ['a key in other words', `Bearer ${reader}x`],
  ['another scheme', `Basic ${reader}`],
  ['a bare key', reader],
  ['no key', 'Bearer'],
  ['two keys', `Bearer ${reader} ${reader}`],
  ['nothing', ''],
])('%s is refused', async (_, authorization) => {
  const response = await bare.request('/v1/logs', { headers: { Authorization: authorization } })
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="pulsehouse"/)
  expect(await response.text()).not.toContain(reader)
})

test('the scheme may be written in any case', async () => {
  const response = await bare.request('/v1/nothing', { headers: { Authorization: `bEARER ${reader}` } })
  expect(response.status).toBe(404)
})

test('a route names the role that a key is missing, before it looks at parameters', async () => {
  const refused = async (path: string, key: string) => {
    const { status, body } = await ask<ProblemBody>(bare, path, { nonsense: '1' }, bearer(key))
    return [status, body.type, body.detail]
  }
  expect(await refused('/v1/logs', sender)).toEqual([
    403,
    'urn:pulsehouse:problem:forbidden',
    'The key "test ingest" may not ask this: it has the roles ingest and needs read.',
  ])
  expect(await refused('/v1/keys', reader)).toEqual([
    403,
    'urn:pulsehouse:problem:forbidden',
    expect.stringContaining('needs admin'),
  ])
})

test('people are for those who may see them', async () => {
  for (const filter of [{ user: 'user_1' }, { ip: '203.0.113.7' }]) {
    const { status, body } = await ask<ProblemBody>(bare, '/v1/logs', filter, bearer(reader))
    expect([status, body.detail]).toEqual([403, expect.stringContaining('needs personal')])
    // ClickHouse is not there: the question got so far.
    expect((await ask(bare, '/v1/logs', filter, bearer(seer))).status).toBe(503)
  }
})

describe('the rate of a key', () => {
  test('is held, told, and refills', async () => {
    let now = nowMs
    const app = createApp(partsOf({ keys, rateLimit: { perSecond: 2, burst: 4 }, nowMs: () => now }))
    const request = async (key = reader) => {
      const { status, headers } = await ask(app, '/v1/nothing', {}, bearer(key))
      return [status, headers.get('ratelimit'), headers.get('retry-after')]
    }
    expect(await request()).toEqual([404, '"key";r=3;t=1', null])
    expect(await request()).toEqual([404, '"key";r=2;t=1', null])
    expect(await request()).toEqual([404, '"key";r=1;t=2', null])
    expect(await request()).toEqual([404, '"key";r=0;t=2', null])
    expect(await request()).toEqual([429, '"key";r=0;t=2', '1'])
    // Another key has a rate of its own, and what needs none has no rate.
    expect((await request(seer))[0]).toBe(404)
    expect((await app.request('/healthz')).headers.get('ratelimit')).toBeNull()
    now += 500
    expect((await request())[0]).toBe(404)
    expect((await request())[0]).toBe(429)
    now += 3_600_000
    expect(await request()).toEqual([404, '"key";r=3;t=1', null])
    // A clock that is set back takes nothing away.
    now -= 7_200_000
    expect(await request()).toEqual([404, '"key";r=2;t=1', null])
  })

  test('is a problem with a sentence, and a header that says the rule', async () => {
    const app = createApp(partsOf({ keys, rateLimit: { perSecond: 1, burst: 1 } }))
    const first = await ask(app, '/v1/nothing', {}, bearer(reader))
    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=1;w=1')
    const { status, body, headers } = await ask<ProblemBody>(app, '/v1/nothing', {}, bearer(reader))
    expect([status, body.type]).toEqual([429, 'urn:pulsehouse:problem:rate-limited'])
    expect(body.detail).toContain('--rate-limit')
    expect(headers.get('ratelimit-policy')).toBe('"key";q=1;w=1')
  })

  test('0 is no limit', async () => {
    const { headers } = await ask(appOf({ rateLimit: { perSecond: 0, burst: 0 } }), '/v1/nothing')
    expect(headers.get('ratelimit')).toBeNull()
  })
})
