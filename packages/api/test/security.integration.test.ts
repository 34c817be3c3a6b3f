import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from '@hono/zod-openapi'
import { formatMicros } from '@pulsehouse/events'
import type { Api } from '../src/api.js'
import type { adminActionSchema } from '../src/security/admin-actions.js'
import {
  attackRange as range,
  attackRows as rows,
  attackRowsWithin as within,
  different,
  expectedSuspects,
  failed,
  succeeded,
  type Suspect,
} from './support/attack-rows.js'
import { appOf, ask, bearer, knownKeys, nowMs, type ProblemBody } from './support/app.js'
import { insertRows, newestFirst, type Row } from './support/rows.js'
import { startMigratedClickhouse, type MigratedClickhouse } from './support/stack.js'

type AdminAction = z.infer<typeof adminActionSchema>
interface Answer<Row> {
  data: Row[]
  from: string
  to: string
  tables: string[]
  step_seconds: number
}
interface LoginsRow {
  time: string
  running: boolean
  succeeded: number
  failed: number
  failure_ratio: number | null
  users_failed: number
  addresses_failed: number
}

const reader = `ph_${'R'.repeat(43)}`
const fromMicros = Date.parse(range.from) * 1000
const toMicros = Date.parse(range.to) * 1000
const keys = knownKeys({
  [reader]: {
    id: 'r',
    name: 'reader',
    roles: ['read'],
    createdAt: '2026-03-01T00:00:00.000Z',
    createdBy: 'test',
  },
})
let stack: MigratedClickhouse
let app: Api

beforeAll(async () => {
  stack = await startMigratedClickhouse()
  app = appOf({ clickhouse: stack.clickhouse, keys })
  for (let batch = 0; batch < 3; batch += 1) {
    await insertRows(
      stack.url,
      rows.filter((_, index) => index % 3 === batch),
    )
  }
})
afterAll(() => stack.close())

async function security<Row>(
  what: string,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Answer<Row>> {
  const given = { ...range, ...parameters }
  const { status, body } = await ask<Answer<Row>>(app, `/v1/security/${what}`, given, headers)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

describe('GET /v1/security/logins', () => {
  test.each([
    ['1m', 60],
    ['7m', 420],
    ['1h', 3_600],
    ['1d', 86_400],
  ])('equals an oracle at a step of %s', async (step, seconds) => {
    const { data, ...head } = await security<LoginsRow>('logins', { step })
    const first = Math.floor(fromMicros / 1e6 / seconds) * seconds
    const times = Array.from(
      { length: Math.ceil((toMicros / 1e6 - first) / seconds) },
      (_, i) => first + i * seconds,
    )
    const iso = (at: number): string => new Date(at * 1000).toISOString().replace('.000Z', 'Z')
    const [from, to] = [iso(first), iso((times.at(-1) ?? 0) + seconds)]
    expect(head).toEqual({ from, to, tables: ['security_by_minute'], step_seconds: seconds })
    const expected = times.map((time) => {
      const members = rows.filter(
        ({ timestampMicros: at }) => at >= time * 1e6 && at < (time + seconds) * 1e6,
      )
      const bad = members.filter(failed)
      const good = members.filter(succeeded).length
      return {
        time: iso(time),
        running: (time + seconds) * 1000 > nowMs,
        succeeded: good,
        failed: bad.length,
        failure_ratio: bad.length + good === 0 ? null : bad.length / (bad.length + good),
        users_failed: different(bad.map((row) => row.user_id)),
        addresses_failed: different(bad.map((row) => row.ip_address)),
      }
    })
    expect(data).toEqual(expected)
  })

  test('a step without anything is a row of zeros; the last one is running', async () => {
    const { data } = await security<LoginsRow>('logins', { from: '2026-03-01T11:58:00Z', to: 'now' })
    expect(data).toEqual(
      ['11:58', '11:59', '12:00'].map((time) => ({
        time: `2026-03-01T${time}:00Z`,
        running: time === '12:00',
        succeeded: 0,
        failed: 0,
        failure_ratio: null,
        users_failed: 0,
        addresses_failed: 0,
      })),
    )
    expect(new Date(nowMs).toISOString()).toContain('12:00:30')
  })

  test('before what is known there is nothing to tell', async () => {
    const { data } = await security('logins', { from: '2026-02-20', to: '2026-02-21', step: '1h' })
    expect(data).toEqual([])
  })

  test('the longest range has a row for every minute that is known', async () => {
    const { data } = await security<{ time: string }>('logins', { from: '-31d', to: 'now' })
    expect(data.at(-1)?.time).toBe('2026-03-01T12:00:00Z')
    const first = Math.min(...rows.map(({ timestampMicros: at }) => Math.floor(at / 60e6)))
    expect(data.length).toBe(Math.floor(nowMs / 60_000) - first + 1)
  })
})

describe('GET /v1/security/suspects', () => {
  test.each(['address', 'user'] as const)('by %s equals an oracle', async (by) => {
    const { data, tables } = await security<Suspect>('suspects', { by, limit: '1000' })
    expect(data).toEqual(expectedSuspects(by))
    expect(tables).toEqual(['security_by_minute'])
  })

  test.each(['address', 'user'] as const)('by %s, also among ordinary mistakes', async (by) => {
    const { data } = await security<Suspect>('suspects', { by, limit: '1000', min_failed: '1' })
    expect(data).toEqual(expectedSuspects(by, { failed: 1, spread: 5, paths: 20 }))
    const finds = data.filter((suspect) => suspect.then_succeeded).length
    expect([finds > 1, finds < data.length]).toEqual([true, true])
  })

  test('has the attackers with their reasons in words', async () => {
    const { data } = await security<Suspect>('suspects', {
      min_failed: '30',
      min_spread: '30',
      min_paths: '60',
    })
    expect(data).toEqual(expectedSuspects('address', { failed: 30, spread: 30, paths: 60 }))
    const told = Object.fromEntries(data.map(({ address, reasons }) => [address, reasons]))
    expect(told).toEqual({
      guesser: [
        '40 failed logins: somebody may be guessing passwords',
        'then a login of the same user succeeded: a password may have been found',
      ],
      sprayer: [
        '60 failed logins: somebody may be guessing passwords',
        '60 different users were tried: password spraying',
      ],
      early: ['50 failed logins: somebody may be guessing passwords'],
      shared: ['45 failed logins: somebody may be guessing passwords'],
      forgetful: ['44 failed logins: somebody may be guessing passwords'],
      quick: ['43 failed logins: somebody may be guessing passwords'],
      scanner: ['90 different paths that do not exist: looks like a scanner'],
    })
  })

  test('a key without the role personal sees networks, and no users', async () => {
    const { data } = await security<Suspect>('suspects', { limit: '1000' }, bearer(reader))
    expect(data).toEqual(expectedSuspects('network'))
    expect(data.every(({ address, user }) => address === null && user === null)).toBe(true)
    const refused = await ask<ProblemBody>(app, '/v1/security/suspects', { by: 'user' }, bearer(reader))
    expect(refused.status).toBe(403)
  })

  test('leave as CSV, reasons as JSON', async () => {
    const search = new URLSearchParams({
      ...range,
      min_failed: '30',
      min_spread: '30',
      min_paths: '60',
    }).toString()
    const response = await app.request(`/v1/security/suspects?${search}`, { headers: { Accept: 'text/csv' } })
    const text = await response.text()
    expect([response.status, text.split('\n').length]).toEqual([200, 9])
    expect(text).toContain('"[""90 different paths that do not exist: looks like a scanner""]"')
  })

  test('an empty range has none', async () => {
    expect((await security('suspects', { from: '2001-01-01', to: '2001-01-02' })).data).toEqual([])
  })
})

describe('GET /v1/security/admin-actions', () => {
  const expected = newestFirst(within.filter(({ auth_level: level }) => level === 'admin'))
  const idOf = (row: Row): string => `${row.streamCreatedSeconds}-${row.streamSeq}-${row.eventIndex}`

  test('lists who did what when, page by page', async () => {
    const found: AdminAction[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const given: Record<string, string> = { ...range, limit: '17', ...(cursor === '' ? {} : { cursor }) }
      const { body } = await ask<{ data: AdminAction[]; next_cursor: string | null }>(
        app,
        '/v1/security/admin-actions',
        given,
      )
      found.push(...body.data)
      cursor = body.next_cursor
    }
    expect(found.map(({ id }) => id)).toEqual(expected.map(idOf))
    const [row] = expected as [Row]
    expect(found[0]).toEqual({
      id: idOf(row),
      timestamp: formatMicros(row.timestampMicros),
      user_id: row.user_id ?? null,
      ip_address: row.ip_address ?? null,
      ip_network: row.ip_network ?? null,
      session_id: null,
      service: null,
      action: 'submit_form',
      http_method: 'PUT',
      url: row.url,
      status_code: row.status_code,
      detail: null,
    })
  })

  test('of one person', async () => {
    const user = expected.find(({ user_id: id }) => id !== undefined)?.user_id ?? ''
    const { data } = await security<AdminAction>('admin-actions', { user, action: 'submit_form' })
    expect(data.map(({ id }) => id)).toEqual(expected.filter((row) => row.user_id === user).map(idOf))
  })

  test('without people for a key without the role personal', async () => {
    const { data } = await security<AdminAction>('admin-actions', { limit: '1000' }, bearer(reader))
    expect(data.length).toBe(expected.length)
    expect(data.every((row) => row.user_id === null && row.ip_address === null)).toBe(true)
    expect(data.some((row) => row.ip_network !== null)).toBe(true)
    for (const name of ['user', 'ip']) {
      const refused = await ask(app, '/v1/security/admin-actions', { [name]: 'x' }, bearer(reader))
      expect(refused.status).toBe(403)
    }
  })
})

const times: [string, string][] = [
  ['from', 'yesterday'],
  ['to', '25:00'],
  ['nope', '1'],
]
const refusals: Record<string, [string, string][]> = {
  logins: [...times, ['step', '90s'], ['from', '-40d']],
  suspects: [
    ...times,
    ['by', 'browser'],
    ['min_failed', '0'],
    ['min_spread', 'x'],
    ['min_paths', '-1'],
    ['limit', '1001'],
  ],
  'admin-actions': [...times, ['user', ','], ['action', ''], ['limit', '0'], ['cursor', 'AAAA']],
}
describe.each(Object.entries(refusals))('GET /v1/security/%s refuses', (path, given) => {
  test.each(given)('%s=%j', async (parameter, value) => {
    const { status, body } = await ask<ProblemBody>(app, `/v1/security/${path}`, { [parameter]: value })
    expect([status, body.errors?.map((error) => error.parameter)]).toEqual([400, [parameter]])
  })
})
