import { describe, expect, test } from 'vitest'
import { appOf, ask, type ProblemBody } from './support/app.js'

const app = appOf()
const long = 'a'.repeat(201)

async function refused(path: string, parameters: Record<string, string>): Promise<ProblemBody> {
  const { status, body, headers } = await ask<ProblemBody>(app, path, parameters)
  expect(status).toBe(400)
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body).toMatchObject({ status: 400, type: 'urn:pulsehouse:problem:bad-parameters' })
  return body
}

const timeAndShared: [string, string][] = [
  ['from', 'yesterday'],
  ['from', ''],
  ['from', '1960-01-01'],
  ['from', '2026-03-01T12:00:00 02:00'],
  ['to', '25:00'],
  ['to', '2101-01-01'],
  ['service', ','],
  ['service', 'a,'],
  ['service', long],
  ['service', 'a\0b'],
  ['endpoint', ''],
  ['action', '\n'],
  ['method', 'GET POST'],
  ['status', '99'],
  ['status', '600'],
  ['status', '6xx'],
  ['status', '404,'],
  ['status', "404' OR 1=1"],
]

describe('GET /v1/logs refuses', () => {
  test.each([
    ...timeAndShared,
    ['level', 'FATAL'],
    ['level', 'INFO;DROP TABLE logs'],
    ['session', ''],
    ['session', long],
    ['request', ''],
    ['correlation', ''],
    ['user', ''],
    ['ip', ''],
    ['ip_network', 'foo'],
    ['ip_network', '203.0.113.7'],
    ['ip_network', '203.0.113.0/16'],
    ['ip_network', '203.0.113.0/24,foo/24'],
    ['q', ''],
    ['q', long],
    ['limit', '0'],
    ['limit', '1001'],
    ['limit', '1.5'],
    ['limit', '-1'],
    ['limit', '1e2'],
    ['limit', ''],
    ['cursor', ''],
    ['cursor', 'AAAA'],
    ['cursor', 'A'.repeat(76)],
    ['limits', '5'],
    ['group_by', 'service'],
    ['__proto__', 'x'],
  ])('%s=%j', async (parameter, value) => {
    const { errors } = await refused('/v1/logs', { [parameter]: value })
    expect(errors?.map((error) => error.parameter)).toEqual([parameter])
  })
})

describe('GET /v1/stats/series refuses', () => {
  test.each([
    ...timeAndShared,
    ['step', '0'],
    ['step', '30'],
    ['step', '90s'],
    ['step', '2d'],
    ['step', 'minute'],
    ['step', ''],
    ['group_by', 'user_id'],
    ['group_by', 'service,1'],
    ['group_by', ''],
    ['measures', 'count(*)'],
    ['measures', 'events,'],
    ['level', 'LOUD'],
    ['limit', '5'],
  ])('%s=%j', async (parameter, value) => {
    const { errors } = await refused('/v1/stats/series', { [parameter]: value })
    expect(errors?.map((error) => error.parameter)).toEqual([parameter])
  })
})

test('a range that ends before it starts names its start', async () => {
  const { errors } = await refused('/v1/logs', { from: 'now', to: '-1h' })
  expect(errors).toEqual([{ parameter: 'from', message: 'must not lie after to' }])
})

test('all bad parameters are named at once', async () => {
  const { errors, detail } = await refused('/v1/logs', { level: 'x', limit: '0', nope: '1' })
  expect(errors?.map(({ parameter }) => parameter).toSorted()).toEqual(['level', 'limit', 'nope'])
  expect(detail).toContain('nope')
})

test('a parameter that is given twice is refused, not half read', async () => {
  const response = await app.request('/v1/logs?level=INFO&level=WARN')
  expect(response.status).toBe(400)
  expect(((await response.json()) as ProblemBody).errors?.[0]?.parameter).toBe('level')
})

test.each(['/healthz', '/readyz', '/v1/pipeline/accounting'])('%s takes no parameters', async (path) => {
  const { errors } = await refused(path, { verbose: '1' })
  expect(errors?.[0]?.parameter).toBe('verbose')
})

test('an address that is too long is a problem of its own', async () => {
  const { status, body } = await ask<ProblemBody>(app, '/v1/logs', { q: 'a'.repeat(5_000) })
  expect([status, body.type]).toEqual([414, 'urn:pulsehouse:problem:address-too-long'])
})
