import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMuteStore, type MuteStore } from '@pulsehouse/platform'
import type { Api } from '../src/api.js'
import { appOf, ask, bearer, knownKeys, nowMs, type ProblemBody } from './support/app.js'
import { startNats, type StartedNats } from './support/stack.js'

interface Mute {
  id: string
  until: string
  created_by: string
}

const reader = `ph_${'R'.repeat(43)}`
const keys = knownKeys({
  [reader]: { id: 'r', name: 'reader', roles: ['read'], createdAt: '', createdBy: 'test' },
})
const later = '2026-03-01T14:00:00Z'
let server: StartedNats
let mutes: MuteStore
let app: Api

beforeAll(async () => {
  server = await startNats()
  mutes = await openMuteStore(server.nats, () => nowMs)
  app = appOf({ nats: server.nats, mutes, keys })
})
afterAll(async () => {
  mutes.close()
  await server.close()
})

async function send(method: string, path: string, body?: unknown, key?: string): Promise<Response> {
  return await app.request(path, {
    method,
    headers: { 'Content-Type': 'application/json', ...(key === undefined ? {} : bearer(key)) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}
const make = async (body: unknown, key?: string): Promise<Response> =>
  await send('POST', '/v1/mutes', body, key)
const listed = async (): Promise<Mute[]> =>
  (await ask<{ data: Mute[] }>(app, '/v1/mutes', {}, bearer(reader))).body.data

test('a mute is made, seen by all, and ended', async () => {
  const made = await make({ until: later, reason: ' The database is moved ', service: 'checkout' })
  expect(made.status).toBe(201)
  const mute = (await made.json()) as Mute
  expect(mute).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    until: '2026-03-01T14:00:00.000Z',
    reason: 'The database is moved',
    kind: null,
    service: 'checkout',
    endpoint: null,
    rule: null,
    created_at: new Date(nowMs).toISOString(),
    created_by: 'key test-admin',
  })
  expect(await listed()).toEqual([mute])
  const found = { kind: 'error_burst', endpoint: '', rule: 'errors' }
  expect(mutes.mutedUntil({ findings: [{ ...found, service: 'checkout' }] })).toBe(Date.parse(later))
  expect(mutes.mutedUntil({ findings: [{ ...found, service: 'payment' }] })).toBeUndefined()
  expect((await send('DELETE', `/v1/mutes/${mute.id}`)).status).toBe(204)
  expect(await listed()).toEqual([])
  const gone = await send('DELETE', `/v1/mutes/${mute.id}`)
  expect([gone.status, ((await gone.json()) as ProblemBody).type]).toEqual([
    404,
    'urn:pulsehouse:problem:not-found',
  ])
})

test('whoever may only read sees mutes, and makes and ends none', async () => {
  expect((await make({ until: later, reason: 'x' }, reader)).status).toBe(403)
  const mute = (await (await make({ until: later, reason: 'x' })).json()) as Mute
  const ended = await send('DELETE', `/v1/mutes/${mute.id}`, undefined, reader)
  const { detail } = (await ended.json()) as ProblemBody
  expect([ended.status, detail]).toEqual([403, expect.stringContaining('may not mute alerts')])
  expect(await listed()).toHaveLength(1)
  await send('DELETE', `/v1/mutes/${mute.id}`)
})

describe('refuses', () => {
  test.each([
    ['until', { reason: 'x' }],
    ['until', { until: '-1h', reason: 'x' }],
    ['until', { until: 'now', reason: 'x' }],
    ['until', { until: 12, reason: 'x' }],
    ['until', { until: '2026-03-01T12:00:00Z', reason: 'x' }],
    ['until', { until: '2026-05-01T12:00:00Z', reason: 'x' }],
    ['until', { until: '2222-05-01T12:00:00Z', reason: 'x' }],
    ['reason', { until: later }],
    ['reason', { until: later, reason: '  ' }],
    ['reason', { until: later, reason: 'a'.repeat(501) }],
    ['service', { until: later, reason: 'x', service: '' }],
    ['kind', { until: later, reason: 'x', kind: 5 }],
    ['kind', { until: later, reason: 'x', kind: 'nonsense' }],
    ['endpoint', { until: later, reason: 'x', endpoint: 'a'.repeat(301) }],
    ['rule', { until: later, reason: 'x', rule: 'a\0' }],
    ['severity', { until: later, reason: 'x', severity: 'info' }],
    ['body', '{'],
  ])('%s in %j', async (parameter, body) => {
    const answer = await make(body)
    const { errors } = (await answer.json()) as ProblemBody
    expect([answer.status, errors?.map((error) => error.parameter)]).toEqual([400, [parameter]])
  })

  test('an id that is none, a body that is too large, a parameter', async () => {
    expect((await send('DELETE', '/v1/mutes/x')).status).toBe(400)
    expect((await make({ until: later, reason: 'a'.repeat(5_000) })).status).toBe(413)
    expect((await ask(app, '/v1/mutes', { service: 'x' })).status).toBe(400)
  })
})
