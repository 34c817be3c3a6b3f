import { createProtection } from '@pulsehouse/events'
import { connectClickhouse, createLogger, type NatsLink } from '@pulsehouse/platform'
import type { Api, ApiParts } from '../../src/api.js'
import { createApp } from '../../src/app.js'
import { createCursors } from '../../src/parameters/cursor.js'

/** The pseudonym key of all tests. */
export const keyHex = 'a'.repeat(64)

/** The moment at which the tests' clock stands, milliseconds: half a minute after noon. */
export const nowMs = Date.UTC(2026, 2, 1, 12, 0, 30)

/** A problem as clients see it. */
export interface ProblemBody {
  type: string
  status: number
  detail: string
  errors?: { parameter: string; message: string }[]
}

/** Parts for an application; nothing is connected to unless a test says so. */
export function partsOf(given: Partial<ApiParts> = {}): ApiParts {
  return {
    clickhouse: connectClickhouse({ url: 'http://127.0.0.1:1', application: 'test' }),
    // Only readiness and the accounting ask NATS, and the tests of those bring a real one.
    nats: {} as NatsLink,
    protection: createProtection('pseudonyms', keyHex),
    cursors: createCursors(keyHex),
    log: createLogger('test', 'silent'),
    schemaVersion: 4,
    corsOrigins: [],
    queryTimeLimitMs: 20_000,
    nowMs: () => nowMs,
    ...given,
  }
}

/** An application over such parts. */
export function appOf(given: Partial<ApiParts> = {}): Api {
  return createApp(partsOf(given))
}

/** Asks an application and reads the JSON of its answer. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export async function ask<Body = unknown>(
  app: Api,
  path: string,
  parameters: Record<string, string> = {},
): Promise<{ status: number; body: Body; headers: Headers }> {
  const search = new URLSearchParams(parameters).toString()
  const response = await app.request(search === '' ? path : `${path}?${search}`)
  return { status: response.status, body: (await response.json()) as Body, headers: response.headers }
}
