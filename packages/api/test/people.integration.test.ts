import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProtection, type PrivacyMode } from '@pulsehouse/events'
import { createApp } from '../src/app.js'
import type { Log } from '../src/logs/log.js'
import type { Session } from '../src/sessions/session-selection.js'
import { decodeChunk } from '../src/tail/decode-chunk.js'
import { ask, bearer, keyHex, knownKeys, partsOf, type ProblemBody } from './support/app.js'
import { startIngestedLines, type IngestedLines } from './support/ingested-lines.js'

const [readKey, seerKey, loneKey] = ['R', 'S', 'P'].map((letter) => `ph_${letter.repeat(43)}`) as [
  string,
  string,
  string,
]
const holder = { id: 'holder', createdAt: '', createdBy: 'test' }
const keys = knownKeys({
  [readKey]: { ...holder, name: 'reader', roles: ['read'] },
  [seerKey]: { ...holder, name: 'seer', roles: ['read', 'personal'] },
  [loneKey]: { ...holder, name: 'lone', roles: ['personal'] },
})

const pseudonym = /(user|ip)_[a-z2-7]{16}/i
/** Whatever of the planted person could stand in an answer. */
const inClear = /user_1042|203\.0\.113\.7|a\.b@example/i

/** One person wherever an application can write about one, and a neighbour of the same session. */
const planted = {
  level: 'WARN',
  service: 'pers',
  user_id: 'user_1042',
  ip_address: '203.0.113.7',
  url: '/users/user_1042/orders?of=user_1042',
  referrer_url: 'http://203.0.113.7/from?user_1042',
  message: 'user user_1042 from 203.0.113.7 mail a.b@example.com',
  detail: 'refused to user_1042',
  user_agent: 'agent of user_1042',
  client_ip: '203.0.113.7',
  email: 'a.b@example.com',
  'of-user_1042': 'yes',
  session_id: 'user_1042-sess',
  request_id: 'user_1042-request',
  correlation_id: 'user_1042-correlation',
  product_id: 'user_1042-product',
  server_ip: '203.0.113.7',
  auth_level: 'admin',
  action: 'view_page',
}
const linesOf = (event: object): string[] =>
  Array.from({ length: 4 }, (_, index) =>
    JSON.stringify({ ...event, timestamp: new Date(Date.now() - 240_000 + index * 1_000).toISOString() }),
  )

/** Where clear values are kept, these are taken to be what they say they are, and are shown. */
const { server_ip: _server, product_id: _product, ...plain } = planted
const plantedInClear = { ...plain, referrer_url: 'http://shop.example/of/user_1042' }

function appOver(ingested: IngestedLines, mode: PrivacyMode) {
  const protection = createProtection(mode, keyHex)
  return createApp(partsOf({ clickhouse: ingested.clickhouse, protection, keys, nowMs: Date.now }))
}
type App = ReturnType<typeof appOver>

const logsOf = async (app: App, key: string): Promise<Log[]> =>
  (await ask<{ data: Log[] }>(app, '/v1/logs', {}, bearer(key))).body.data

/** What is live is what is stored: both were masked by functions of their own. */
function liveLogs(ingested: IngestedLines, mode: PrivacyMode, sight: 'masked' | 'bare'): Log[] {
  const protection = createProtection(mode, keyHex)
  return ingested.chunks
    .flatMap((chunk) => decodeChunk(chunk, ingested.createdSeconds, protection))
    .map((event) => /data: (.*)\n/.exec(event.frame(sight))?.[1] ?? '')
    .map((data) => JSON.parse(data) as Log)
    .toReversed()
}

/** What a reader may ask, each of which shows the planted person to who may see people. */
const questions = [
  '/v1/logs',
  '/v1/sessions',
  '/v1/security/admin-actions',
  '/v1/behaviour/pages',
  '/v1/behaviour/referrers',
  '/v1/commerce/products',
  ...['service', 'endpoint', 'server', 'referrer', 'product', 'action'].map(
    (name) => `/v1/stats/top?by=${name}&measures=events`,
  ),
]

async function bodyOf(app: App, address: string, key: string, accept = 'application/json') {
  const response = await app.request(address, { headers: { ...bearer(key), Accept: accept } })
  return { status: response.status, text: await response.text() }
}

async function refusalOf(app: App, parameters: Record<string, string>, path = '/v1/logs') {
  const { status, body } = await ask<ProblemBody>(app, path, parameters, bearer(readKey))
  return [status, body.detail]
}
const refused = [403, expect.stringContaining('needs personal')]

describe('where pseudonyms are stored', () => {
  let ingested: IngestedLines
  let app: App
  let [user, address] = ['', '']
  beforeAll(async () => {
    ingested = await startIngestedLines(linesOf(planted))
    app = appOver(ingested, 'pseudonyms')
    const [log] = await logsOf(app, seerKey)
    ;[user, address] = [String(log?.user_id), String(log?.ip_address)]
  }, 60_000)
  afterAll(() => ingested.close())

  test.each(questions)('%s shows nobody to a reader', async (address_) => {
    const { status, text } = await bodyOf(app, address_, readKey)
    expect([status, pseudonym.exec(text)?.[0]]).toEqual([200, undefined])
  })

  test.each(['application/x-ndjson', 'text/csv'])('files of %s neither', async (accept) => {
    for (const path of ['/v1/logs', '/v1/sessions', '/v1/security/admin-actions']) {
      const { status, text } = await bodyOf(app, path, readKey, accept)
      expect([status, pseudonym.exec(text)?.[0]]).toEqual([200, undefined])
      expect(text).toContain('user_…')
      expect(text).not.toContain('tie')
    }
  })

  test('texts say that somebody was there, and who sees people sees who', async () => {
    const [shown] = await logsOf(app, readKey)
    const [whole] = await logsOf(app, seerKey)
    expect(shown).toMatchObject({
      user_id: null,
      ip_address: null,
      ip_network: '203.0.113.0/24',
      url: '/users/user_…/orders?of=user_…',
      referrer_domain: 'ip_…',
      detail: 'refused to user_…',
      session_id: 'user_…-sess',
      attributes: { email: 'user_…', client_ip: 'ip_…', 'of-user_…': 'yes' },
    })
    expect(whole).toMatchObject({ url: `/users/${user}/orders?of=${user}`, session_id: `${user}-sess` })
    expect(JSON.stringify(whole).replaceAll(/(user|ip)_[a-z2-7]{16}/g, '$1_…')).toBe(
      JSON.stringify({ ...shown, user_id: 'user_…', ip_address: 'ip_…' }),
    )
  })

  test('live is as stored', async () => {
    expect(liveLogs(ingested, 'pseudonyms', 'masked')).toEqual(await logsOf(app, readKey))
  })

  test('a log still has its neighbours, of whom nobody is shown', async () => {
    const [log] = await logsOf(app, readKey)
    const { status, text } = await bodyOf(app, `/v1/logs/${log?.id}`, readKey)
    expect([status, pseudonym.exec(text)?.[0]]).toEqual([200, undefined])
    const body = JSON.parse(text) as { session: { before: Log[] }; correlation: { before: Log[] }; data: Log }
    expect([body.session.before.length, body.correlation.before.length]).toEqual([3, 3])
    expect(body.data).toEqual(log)
  })

  test('sessions of masked ids follow each other by cursor', async () => {
    const { body } = await ask<{ data: Session[] }>(app, '/v1/sessions', { limit: '1' }, bearer(readKey))
    expect(body.data.map(({ id, user_id }) => [id, user_id])).toEqual([['user_…-sess', null]])
  })

  test('nobody is found by a pseudonym', async () => {
    const names = [
      'q',
      'contains',
      'url',
      'message',
      'session',
      'request',
      'correlation',
      'attribute',
      'service',
    ]
    for (const name of names) expect(await refusalOf(app, { [name]: `x ${user} y` })).toEqual(refused)
    expect(await refusalOf(app, { contains: user.toUpperCase() })).toEqual(refused)
    expect(await refusalOf(app, { attribute: `${address}:x` }, '/v1/logs/tail')).toEqual(refused)
    expect(await refusalOf(app, { entry: address }, '/v1/sessions')).toEqual(refused)
    expect(await refusalOf(app, { by: 'endpoint', detail: user }, '/v1/stats/top')).toEqual(refused)
    expect(await refusalOf(app, {}, `/v1/sessions/${encodeURIComponent(`${user}-sess`)}`)).toEqual(refused)
    expect((await ask(app, '/v1/logs', { session: `${user}-sess` }, bearer(seerKey))).status).toBe(200)
  })

  test('nobody is found by a piece of a pseudonym', async () => {
    const [, word = ''] = user.split('_')
    const piece = word.slice(0, 8)
    for (const search of [
      { q: word },
      { contains: word },
      { contains: `user_${piece}` },
      { q: `"${piece}"` },
    ]) {
      const seen = async (key: string) =>
        (await ask<{ data: Log[] }>(app, '/v1/logs', search, bearer(key))).body.data.length
      // A phrase must have whole words, too.
      const found = 'q' in search && search.q !== word ? 0 : 4
      expect([search, await seen(readKey), await seen(seerKey)]).toEqual([search, 0, found])
    }
    const { body } = await ask<{ data: Log[] }>(app, '/v1/logs', { q: 'refused "to user"' }, bearer(readKey))
    expect(body.data).toHaveLength(4)
  })

  test('what is refused says which roles go together', async () => {
    const both = expect.stringContaining('--role read,personal')
    expect(await refusalOf(app, { user: 'x' })).toEqual([403, both])
    const { status, body } = await ask<ProblemBody>(app, '/v1/logs', {}, bearer(loneKey))
    expect([status, body.detail]).toEqual([403, both])
  })
})

describe('where clear values are stored', () => {
  let ingested: IngestedLines
  let app: App
  beforeAll(async () => {
    ingested = await startIngestedLines(linesOf(plantedInClear), ['--privacy', 'plain'])
    app = appOver(ingested, 'plain')
  }, 60_000)
  afterAll(() => ingested.close())

  test.each(['/v1/logs', '/v1/sessions', '/v1/security/admin-actions', '/v1/behaviour/pages'])(
    '%s shows nobody to a reader',
    async (path) => {
      for (const accept of ['application/json', 'application/x-ndjson', 'text/csv']) {
        const { status, text } = await bodyOf(app, path, readKey, accept)
        expect([status, inClear.exec(text)?.[0]]).toEqual([200, undefined])
      }
      expect((await bodyOf(app, path, seerKey)).status).toBe(200)
    },
  )

  test('what can hold anybody is null, the rest stays', async () => {
    const [shown] = await logsOf(app, readKey)
    const free = ['url', 'referrer_url', 'message', 'detail', 'session_id', 'correlation_id', 'request_id']
    for (const name of [...free, 'user_agent'])
      expect([name, shown?.[name as keyof Log]]).toEqual([name, null])
    expect(shown).toMatchObject({
      attributes: {},
      service: 'pers',
      endpoint: '/users/{id}/orders',
      ip_network: '203.0.113.0/24',
    })
    const [whole] = await logsOf(app, seerKey)
    expect(whole).toMatchObject({ url: planted.url, message: planted.message, user_id: planted.user_id })
  })

  test('live is as stored', async () => {
    expect(liveLogs(ingested, 'plain', 'bare')).toEqual(await logsOf(app, readKey))
  })

  test('a log and its neighbours show nobody', async () => {
    const [log] = await logsOf(app, readKey)
    const { status, text } = await bodyOf(app, `/v1/logs/${log?.id}`, readKey)
    expect([status, inClear.exec(text)?.[0]]).toEqual([200, undefined])
    expect((JSON.parse(text) as { session: { before: Log[] } }).session.before).toHaveLength(3)
  })

  test('nothing is looked for in what can hold anybody', async () => {
    const names = [
      'q',
      'contains',
      'url',
      'message',
      'detail',
      'referrer_url',
      'attribute',
      'session',
      'request',
    ]
    for (const name of [...names, 'correlation', 'user_agent']) {
      for (const path of ['/v1/logs', '/v1/logs/tail', '/v1/stats/series']) {
        expect(await refusalOf(app, { [name]: 'x' }, path)).toEqual(refused)
      }
    }
    expect(await refusalOf(app, { group_by: 'user_agent' }, '/v1/stats/series')).toEqual(refused)
    expect(await refusalOf(app, { by: 'endpoint,user_agent' }, '/v1/stats/top')).toEqual(refused)
    expect(await refusalOf(app, {}, '/v1/sessions/user_1042-sess')).toEqual(refused)
    expect((await ask(app, '/v1/logs', { service: 'pers' }, bearer(readKey))).status).toBe(200)
  })
})
