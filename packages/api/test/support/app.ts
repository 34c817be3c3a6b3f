import { createProtection } from '@pulsehouse/events'
import {
  connectClickhouse,
  createLogger,
  type ApiKey,
  type KeyStore,
  type MuteStore,
  type NatsLink,
} from '@pulsehouse/platform'
import type { Api, ApiParts } from '../../src/api.js'
import { createApp } from '../../src/app.js'
import { createLiveFeed } from '../../src/incidents/live-feed.js'
import { createIntake } from '../../src/intake/intake.js'
import { createCursors } from '../../src/parameters/cursor.js'
import { openHistory } from '../../src/stats/history.js'
import { createTail } from '../../src/tail/tail.js'

/** The pseudonym key of all tests. */
export const keyHex = 'a'.repeat(64)

/** The moment at which the tests' clock stands, milliseconds: half a minute after noon. */
export const nowMs = Date.UTC(2026, 2, 1, 12, 0, 30)

/** A key with all roles, which the tests send unless they say otherwise. */
export const adminKey = `ph_${'A'.repeat(43)}`

const admin: ApiKey = {
  id: 'test-admin',
  name: 'test',
  roles: ['admin'],
  createdAt: '2026-03-01T00:00:00.000Z',
  createdBy: 'test',
}

/** Keys that need no NATS: the admin's, and whichever a test adds. Tests that make and revoke keys bring real ones. */
export function knownKeys(more: Readonly<Record<string, ApiKey>> = {}): KeyStore {
  const known = new Map([[adminKey, admin], ...Object.entries(more)])
  const unknown = async (): Promise<never> => {
    throw new Error('these keys are fixed')
  }
  return {
    find: (key) => known.get(key),
    list: () => [...known.values()],
    make: unknown,
    register: unknown,
    revoke: unknown,
    close: () => undefined,
  }
}

/** No mutes: tests that make and end them bring real ones. */
const noMutes: MuteStore = {
  list: () => [],
  make: () => Promise.reject(new Error('there are no mutes')),
  end: async () => false,
  mutedUntil: () => undefined,
  close: () => undefined,
}

/** A problem as clients see it. */
export interface ProblemBody {
  type: string
  status: number
  detail: string
  errors?: { parameter: string; message: string }[]
}

/** Stands for a queue that does not answer: the tests of what asks it bring a real one. */
const silentNats = {
  manager: {
    streams: { info: () => Promise.reject(Object.assign(new Error('TIMEOUT'), { name: 'NatsError' })) },
  },
} as unknown as NatsLink

/** Parts for an application; nothing is connected to unless a test says so. */
export function partsOf(given: Partial<ApiParts> = {}): ApiParts {
  const nats = given.nats ?? silentNats
  const protection = given.protection ?? createProtection('pseudonyms', keyHex)
  const log = createLogger('test', 'silent')
  const clickhouse = given.clickhouse ?? connectClickhouse({ url: 'http://127.0.0.1:1', application: 'test' })
  return {
    clickhouse,
    nats,
    protection,
    tail: createTail({ nats, protection, log }),
    incidents: createLiveFeed({ clickhouse, log }),
    mutes: noMutes,
    intake: createIntake({ nats, log, nowMs: () => nowMs }),
    cursors: createCursors(keyHex),
    keys: knownKeys(),
    history: openHistory(given.nowMs ?? (() => nowMs)),
    rateLimit: { perSecond: 0, burst: 0 },
    log,
    schemaVersion: 4,
    corsOrigins: [],
    queryTimeLimitMs: 20_000,
    nowMs: () => nowMs,
    ...given,
  }
}

/** An application over such parts. A request to it that names no key is sent with the admin's. */
export function appOf(given: Partial<ApiParts> = {}): Api {
  const app = createApp(partsOf(given))
  const answer = app.fetch
  app.fetch = (request, ...rest) => {
    if (!request.headers.has('Authorization')) request.headers.set('Authorization', `Bearer ${adminKey}`)
    return answer(request, ...rest)
  }
  return app
}

/** Asks an application and reads the JSON of its answer. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export async function ask<Body = unknown>(
  app: Api,
  path: string,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body; headers: Headers }> {
  const search = new URLSearchParams(parameters).toString()
  const response = await app.request(search === '' ? path : `${path}?${search}`, { headers })
  return { status: response.status, body: (await response.json()) as Body, headers: response.headers }
}

/** The header that says whose a request is. */
export function bearer(key: string): { Authorization: string } {
  return { Authorization: `Bearer ${key}` }
}
