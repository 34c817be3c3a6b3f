import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProtection } from '@pulsehouse/events'
import type { KeyRole } from '@pulsehouse/platform'
import type { Api } from '../src/api.js'
import type { Finding } from '../src/incidents/finding.js'
import type { Incident } from '../src/incidents/incident.js'
import { appOf, ask, bearer, keyHex, knownKeys, type ProblemBody } from './support/app.js'
import { insertFindings } from './support/finding-rows.js'
import {
  attackInClear,
  attacker as pseudonym,
  day,
  insertIncidents,
  victim as user,
} from './support/incident-rows.js'
import { insertRows } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

interface Page<Row> {
  data: Row[]
  next_cursor: string | null
  tables: string[]
}
interface Whole {
  data: Incident
  findings: Finding[]
  alerts: { receiver: string; state: string; last_error: string | null; sent_at: string | null }[]
}

const keyWith = (id: string, ...roles: KeyRole[]) => ({
  id,
  name: id,
  roles,
  createdAt: '',
  createdBy: 'test',
})
const [reader, sender] = [`ph_${'R'.repeat(43)}`, `ph_${'I'.repeat(43)}`]
const keys = knownKeys({ [reader]: keyWith('r', 'read'), [sender]: keyWith('s', 'ingest') })

let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse, keys })
  await insertIncidents(stack.clickhouse)
})
afterAll(() => stack.close())

async function list<Row>(path: string, given: Record<string, string> = {}, key?: string): Promise<Page<Row>> {
  const { status, body } = await ask<Page<Row>>(app, path, given, key === undefined ? {} : bearer(key))
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id)

describe('GET /v1/incidents', () => {
  test('tells what was going on in the last day, newest first: what still goes on, too', async () => {
    const { data, next_cursor, tables } = await list<Incident>('/v1/incidents')
    expect(idsOf(data)).toEqual(['slow', 'attack', 'lasting'])
    expect([next_cursor, tables]).toEqual([null, ['incidents']])
    expect(data[0]).toEqual({
      id: 'slow',
      status: 'open',
      severity: 'critical',
      kind: 'error_burst',
      kinds: ['error_burst', 'latency_regression'],
      title: 'title of errors',
      summary: 'summary of errors',
      services: ['checkout', 'payment'],
      started: `${day}11:40:00Z`,
      ended: null,
      updated: `${day}11:44:00Z`,
      findings: 2,
    })
    expect(data[1]).toMatchObject({ status: 'resolved', ended: `${day}10:25:00Z`, findings: 1 })
  })

  test.each<[Record<string, string>, string[]]>([
    [{ status: 'open' }, ['slow', 'lasting']],
    [{ status: 'resolved' }, ['attack']],
    [{ severity: 'critical' }, ['slow']],
    [{ severity: 'info' }, ['mild']],
    [{ severity: 'info,warning,critical' }, ['slow', 'attack', 'mild', 'lasting']],
    [{ kind: 'latency_regression' }, ['slow', 'lasting']],
    [{ kind: 'brute_force,error_burst' }, ['slow', 'attack']],
    [{ service: 'payment' }, ['slow']],
    [{ service: 'auth,nothing' }, ['attack']],
    [{ from: '2026-02-25', to: '2026-02-28' }, ['past', 'lasting']],
    [{ from: '2026-02-27T11:00:00Z', to: '2026-02-28' }, ['lasting']],
    [{ from: `${day}10:24:00Z`, to: `${day}11:40:00Z` }, ['attack', 'lasting']],
    [{ from: `${day}10:25:00Z`, to: `${day}11:40:00Z` }, ['lasting']],
    [{ from: '2026-01-01', to: '2026-01-02' }, []],
    [{ service: "x' OR 1=1 --" }, []],
  ])('%j', async (given, ids) => {
    expect(idsOf((await list<Incident>('/v1/incidents', given)).data)).toEqual(ids)
  })

  test('as a file it is the same rows', async () => {
    const headers = { ...bearer(reader), Accept: 'application/x-ndjson' }
    const answer = await app.request('/v1/incidents?limit=1', { headers })
    expect(answer.headers.get('content-disposition')).toContain('incidents-')
    const rows = (await answer.text()).trimEnd().split('\n')
    const { data } = await list('/v1/incidents', {}, reader)
    expect(rows.map((row) => JSON.parse(row) as unknown)).toEqual(data)
  })
})

describe('pages', () => {
  const range = { from: '2026-01-10', to: '2026-01-11' }
  beforeAll(async () => {
    // Seven begin in the same minute.
    const rows = Array.from({ length: 20 }, (_, index) => ({
      finding_id: `page-${index}`,
      started: `2026-01-10T10:${String(Math.max(index, 7)).padStart(2, '0')}:00Z`,
      judged_minute: '2026-01-10T11:00:00Z',
      ended: '2026-01-10T11:00:00Z',
    }))
    await insertFindings(stack.clickhouse, rows)
  })

  test.each(['/v1/incidents', '/v1/findings'])('of %s follow each other while more come', async (path) => {
    const all = idsOf((await list<Incident>(path, range)).data)
    expect(all.length).toBeGreaterThanOrEqual(20)
    const seen: string[] = []
    let cursor: string | null = ''
    for (let page = 0; cursor !== null; page += 1) {
      const given = { limit: '3', ...(cursor === '' ? range : { cursor }) }
      const answer: Page<Incident> = await list<Incident>(path, given)
      expect(answer.data.length).toBeLessThanOrEqual(3)
      seen.push(...idsOf(answer.data))
      cursor = answer.next_cursor
      // Newer than all pages to come.
      if (page === 1) {
        const late = { finding_id: `late-${path}`, started: '2026-01-10T10:50:00Z' }
        const [judged_minute, ended] = ['2026-01-10T11:00:00Z', '2026-01-10T11:00:00Z']
        await insertFindings(stack.clickhouse, [{ ...late, judged_minute, ended }])
      }
    }
    expect(seen).toEqual(all)
  })

  test('a cursor is one of its list and its filters only', async () => {
    const { next_cursor: cursor } = await list<Incident>('/v1/incidents', { ...range, limit: '1' })
    for (const [path, given] of [
      ['/v1/findings', {}],
      ['/v1/incidents', { severity: 'warning' }],
    ] as const) {
      const { status, body } = await ask<ProblemBody>(app, path, { cursor: cursor ?? '', ...given })
      expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'cursor'])
    }
  })
})

describe('GET /v1/incidents/{id}', () => {
  test('says why, and who was told', async () => {
    const { status, body } = await ask<Whole>(app, '/v1/incidents/slow')
    expect(status).toBe(200)
    expect(body.data.id).toBe('slow')
    expect(body.findings.map(({ id, status }) => [id, status])).toEqual([
      ['slow', 'open'],
      ['errors', 'resolved'],
    ])
    expect(body.findings[0]).toMatchObject({
      service: 'checkout',
      entity_type: null,
      entity: null,
      observed: 2140,
      expected_low: 240,
      expected_high: 420,
      judged_minute: `${day}11:44:00Z`,
      causes: [
        { dimension: 'server', value: '10.0.0.12', share: 0.9, observed: 2100, expected: 300 },
        { dimension: 'endpoint', value: '/api/checkout', share: 0.1, observed: 400, expected: 330 },
      ],
    })
    // A band without an upper end.
    expect(body.findings[1]).toMatchObject({ endpoint: null, expected_high: null })
    expect(
      body.alerts.map(({ receiver, state, last_error, sent_at }) => [receiver, state, last_error, sent_at]),
    ).toEqual([
      ['on-call', 'sent', null, `${day}11:43:07.000Z`],
      ['chat', 'pending', 'HTTP 500', null],
    ])
  })

  test('leads to the logs of its examples', async () => {
    const at = (time: string): number => Date.parse(`${day}${time}Z`) * 1000
    const log = (index: number, request_id: string, timestampMicros: number) => ({
      timestampMicros,
      level: 'INFO',
      attributes: {},
      streamCreatedSeconds: 1_770_000_000,
      streamSeq: 1,
      eventIndex: index,
      request_id,
    })
    await insertRows(stack.url, [
      log(0, 'req_1', at('11:41:00')),
      log(1, 'req,"2"', at('11:41:30')),
      log(2, 'req_3', at('11:41:30')),
      log(3, 'req_9', at('10:10:00')),
      log(4, 'req_9', at('10:40:00')),
    ])
    const linked = async (id: string) => {
      const { body } = await ask<{ data: Finding }>(app, `/v1/findings/${id}`)
      const pages = body.data.examples.map(
        async ({ logs }) => await ask<Page<{ request_id: string }>>(app, logs),
      )
      return (await Promise.all(pages)).map(({ body }) => body.data.map(({ request_id }) => request_id))
    }
    expect(await linked('slow')).toEqual([['req_1'], ['req,"2"']])
    // What came after its end is no example of it.
    expect(await linked('attack')).toEqual([['req_9']])
  })

  test.each(['/v1/incidents/nothing', '/v1/findings/nothing', '/v1/incidents/errors'])(
    '%s is not there',
    async (path) => {
      const { status, body } = await ask<ProblemBody>(app, path)
      expect([status, body.type]).toEqual([404, 'urn:pulsehouse:problem:not-found'])
    },
  )
})

describe('GET /v1/findings', () => {
  test.each<[Record<string, string>, string[]]>([
    [{}, ['errors', 'slow', 'attack', 'lasting']],
    [{ severity: 'info,critical' }, ['errors', 'mild']],
    [{ rule: 'errors' }, ['errors']],
    [{ endpoint: '/api/checkout' }, ['slow', 'lasting']],
    [{ service: 'auth,payment' }, ['errors', 'attack']],
    [{ kind: 'latency_regression', status: 'open' }, ['slow', 'lasting']],
    [{ status: 'resolved' }, ['errors', 'attack']],
  ])('%j', async (given, ids) => {
    expect(idsOf((await list<Finding>('/v1/findings', given)).data)).toEqual(ids)
  })

  test('as a file, nested values are JSON where the format has none', async () => {
    const csv = await app.request('/v1/findings?rule=errors,endpoint-latency&kind=latency_regression', {
      headers: { Accept: 'text/csv' },
    })
    expect(csv.status).toBe(200)
    expect(await csv.text()).toContain('""dimension"":""server""')
  })
})

describe('people', () => {
  const paths = ['/v1/incidents', '/v1/findings', '/v1/incidents/attack', '/v1/findings/attack']

  test.each(paths)('%s names them to whoever may see them, and to nobody else', async (path) => {
    const whole = JSON.stringify((await ask(app, path)).body)
    expect(whole).toContain(`${pseudonym} guesses passwords`)
    const { status, body } = await ask(app, path, {}, bearer(reader))
    const text = JSON.stringify(body)
    expect(status).toBe(200)
    expect(text).toContain('ip_… guesses passwords')
    for (const person of [pseudonym, user]) expect(text).not.toContain(person)
    // That it was an address is told, and which requests to look at.
    if (path.includes('findings')) expect(text).toContain('"entity_type":"ip_address","entity":null')
    if (path.includes('findings')) expect(text).toContain('curl/8.5.0')
  })

  test.each(paths)(
    'where clear values are kept, %s tells neither them nor what may name them',
    async (path) => {
      await insertFindings(stack.clickhouse, [attackInClear])
      const clear = appOf({
        clickhouse: stack.clickhouse,
        keys,
        protection: createProtection('plain', keyHex),
      })
      const { status, body } = await ask(clear, path, {}, bearer(reader))
      const text = JSON.stringify(body)
      expect(status, text).toBe(200)
      expect(text).toContain('… guesses passwords')
      for (const hidden of [pseudonym, 'curl', 'req_']) expect(text).not.toContain(hidden)
    },
  )

  test('nobody is looked for by a filter', async () => {
    const { status } = await ask(app, '/v1/findings', { service: pseudonym }, bearer(reader))
    expect(status).toBe(403)
  })
})

test.each([
  '/v1/incidents',
  '/v1/incidents/slow',
  '/v1/incidents/live',
  '/v1/findings',
  '/v1/expectations',
  '/v1/mutes',
])('%s wants a key that may read', async (path) => {
  const { status, body } = await ask<ProblemBody>(app, path, {}, bearer(sender))
  expect([status, body.detail]).toEqual([403, expect.stringContaining('needs read')])
})

test.each([
  ['/v1/incidents', 'status', 'closed'],
  ['/v1/incidents', 'severity', 'fatal'],
  ['/v1/incidents', 'severity', ''],
  ['/v1/incidents', 'kind', ','],
  ['/v1/incidents', 'service', 'a'.repeat(201)],
  ['/v1/incidents', 'from', 'yesterday'],
  ['/v1/incidents', 'limit', '0'],
  ['/v1/incidents', 'limit', '1001'],
  ['/v1/incidents', 'cursor', 'AAAA'],
  ['/v1/incidents', 'rule', 'x'],
  ['/v1/incidents/slow', 'limit', '1'],
  ['/v1/incidents/live', 'status', 'open'],
  ['/v1/incidents/live', 'severity', 'all'],
  ['/v1/findings', 'endpoint', ''],
  ['/v1/findings', 'entity', 'x'],
  ['/v1/findings/slow', 'x', '1'],
])('%s refuses %s=%j', async (path, parameter, value) => {
  const { status, body } = await ask<ProblemBody>(app, path, { [parameter]: value })
  expect([status, body.errors?.map((error) => error.parameter)]).toEqual([400, [parameter]])
})
