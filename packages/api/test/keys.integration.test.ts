import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectNats, openKeyStore, type KeyStore } from '@pulsehouse/platform'
import { until } from '../../../tests/support/until.js'
import { createApp } from '../src/app.js'
import type { Api } from '../src/api.js'
import { ask, bearer, partsOf, type ProblemBody } from './support/app.js'
import { silent, startNats, type StartedNats } from './support/stack.js'

interface ShownKey {
  id: string
  name: string
  roles: string[]
  created_by: string
}

let queue: StartedNats
let keys: KeyStore
let other: { keys: KeyStore; close(): Promise<void> }
let app: Api
let adminKey: string

/** Another process has a connection and a reading of its own. */
async function openElsewhere(): Promise<typeof other> {
  const nats = await connectNats({ url: queue.url, name: 'elsewhere', log: silent })
  const store = await openKeyStore(nats)
  const close = async (): Promise<void> => {
    store.close()
    await nats.connection.close()
  }
  return { keys: store, close }
}

async function post(
  key: string,
  body: unknown,
): Promise<{ status: number; body: ShownKey & { key: string } }> {
  const response = await app.request('/v1/keys', {
    method: 'POST',
    headers: { ...bearer(key), 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as ShownKey & { key: string } }
}

/** How a key is answered: 404 for one that is let in, to a route that there is not. */
async function answerTo(key: string): Promise<number> {
  return (await ask(app, '/v1/nothing', {}, bearer(key))).status
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

beforeAll(async () => {
  queue = await startNats()
  keys = await openKeyStore(queue.nats)
  other = await openElsewhere()
  app = createApp(partsOf({ nats: queue.nats, keys }))
  adminKey = (await keys.make({ name: 'first', roles: ['admin'], createdBy: 'test' })).key
})

afterAll(async () => {
  keys.close()
  await other.close()
  await queue.close()
})

describe('keys by the API', () => {
  test('one is made, shown once, works at once, and is revoked', async () => {
    const made = await post(adminKey, { name: 'dashboard', roles: ['read', 'personal', 'read'] })
    expect(made).toMatchObject({ status: 201, body: { name: 'dashboard', roles: ['read', 'personal'] } })
    const { key, ...shown } = made.body
    expect(await answerTo(key)).toBe(404)
    const listed = await app.request('/v1/keys', { headers: bearer(adminKey) })
    const text = await listed.text()
    expect((JSON.parse(text) as { data: ShownKey[] }).data).toContainEqual(shown)
    expect(text).not.toContain(key)

    const revoke = async () =>
      (await app.request(`/v1/keys/${shown.id}`, { method: 'DELETE', headers: bearer(adminKey) })).status
    expect(await revoke()).toBe(204)
    expect(await answerTo(key)).toBe(401)
    expect(await revoke()).toBe(404)
  })

  test.each([
    ['name', { roles: ['read'] }],
    ['name', { name: ' ', roles: ['read'] }],
    ['name', { name: 'x'.repeat(101), roles: ['read'] }],
    ['roles', { name: 'x' }],
    ['roles', { name: 'x', roles: [] }],
    ['roles', { name: 'x', roles: ['god'] }],
    ['more', { name: 'x', roles: ['read'], more: 1 }],
    ['body', []],
  ])('a bad %s is named: %j', async (parameter, given) => {
    const { status, body } = (await post(adminKey, given)) as unknown as { status: number; body: ProblemBody }
    expect([status, body.errors?.map((error) => error.parameter)]).toEqual([400, [parameter]])
  })

  test('a body that is no JSON, or too long, is a problem of its own', async () => {
    const send = async (body: string, type: string) => {
      const headers = { ...bearer(adminKey), 'Content-Type': type }
      const response = await app.request('/v1/keys', { method: 'POST', headers, body })
      const problem = (await response.json()) as ProblemBody
      return [response.status, problem.errors?.[0]?.parameter]
    }
    expect(await send('{"name":', 'application/json')).toEqual([400, 'body'])
    expect(await send('{}', 'text/plain')).toEqual([400, 'Content-Type'])
    expect(await send(' '.repeat(5_000), 'application/json')).toEqual([413, undefined])
  })

  test('an id that is none is named', async () => {
    const response = await app.request('/v1/keys/nope', { method: 'DELETE', headers: bearer(adminKey) })
    expect([response.status, ((await response.json()) as ProblemBody).errors?.[0]?.parameter]).toEqual([
      400,
      'id',
    ])
  })
})

describe('keys by another process', () => {
  test('count, and cease to, without a restart', async () => {
    const { key, made } = await other.keys.make({ name: 'theirs', roles: ['read'], createdBy: 'test' })
    await until('the key is let in', async () => ((await answerTo(key)) === 404 ? true : undefined), 2_000)
    await other.keys.revoke(made.id)
    await until('the key is refused', async () => ((await answerTo(key)) === 401 ? true : undefined), 2_000)
  })

  test('are there when a process starts; only their hashes are stored', async () => {
    const { key, made } = await keys.make({ name: 'kept', roles: ['read'], createdBy: 'test' })
    const later = await openElsewhere()
    expect(later.keys.find(key)).toEqual(made)
    await later.close()
    const bucket = await queue.nats.jetstream.views.kv('PULSEHOUSE_KEYS')
    const stored = (await bucket.get(hashOf(key)))?.string() ?? ''
    expect(JSON.parse(stored)).toMatchObject({ name: 'kept', roles: ['read'] })
    expect(stored).not.toContain(key.slice(3))
    expect(made.id).not.toContain(key.slice(3, 9))
  })

  test('a process that has opened them knows every one, how many there are', async () => {
    const made = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        keys.make({ name: `many ${index}`, roles: ['read'], createdBy: 'test' }),
      ),
    )
    const later = await openElsewhere()
    expect(made.filter(({ key }) => later.keys.find(key) === undefined)).toEqual([])
    await later.close()
  })

  test('an entry that is damaged lets nobody in, and is in nobody’s way', async () => {
    const { key } = await keys.make({ name: 'damaged', roles: ['read'], createdBy: 'test' })
    const bucket = await queue.nats.jetstream.views.kv('PULSEHOUSE_KEYS')
    await bucket.put(hashOf(key), '{"roles":')
    await until('the key is refused', async () => ((await answerTo(key)) === 401 ? true : undefined), 2_000)
    expect(await answerTo(adminKey)).toBe(404)
  })
})

test('while NATS is away the keys go on working and none can be made; what changed meanwhile counts when it is back', async () => {
  const queueOfItsOwn = await startNats()
  const store = await openKeyStore(queueOfItsOwn.nats)
  try {
    const { key, made } = await store.make({ name: 'before', roles: ['admin'], createdBy: 'test' })
    const itsApp = createApp(partsOf({ nats: queueOfItsOwn.nats, keys: store }))
    const status = async () => (await ask(itsApp, '/v1/nothing', {}, bearer(key))).status
    await queueOfItsOwn.process.stop('SIGKILL')
    expect(await status()).toBe(404)
    const make = await itsApp.request('/v1/keys', {
      method: 'POST',
      headers: { ...bearer(key), 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'x', roles: ['read'] }),
    })
    expect([make.status, ((await make.json()) as ProblemBody).type]).toEqual([
      503,
      'urn:pulsehouse:problem:unavailable',
    ])
    expect(await status()).toBe(404)

    queueOfItsOwn.restart()
    const elsewhere = await until('NATS is back', async () =>
      connectNats({ url: queueOfItsOwn.url, name: 'elsewhere', log: silent }),
    )
    const theirs = await openKeyStore(elsewhere)
    await theirs.revoke(made.id)
    await until('the key is refused', async () => ((await status()) === 401 ? true : undefined), 10_000)
    const later = await theirs.make({ name: 'after', roles: ['read'], createdBy: 'test' })
    await until('the new key is known', async () => (store.find(later.key) === undefined ? undefined : true))
    theirs.close()
    await elsewhere.close()
  } finally {
    store.close()
    await queueOfItsOwn.close()
  }
})
