import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { createProtection } from '@pulsehouse/events'
import { ensureLogStream, openPublisher, type ApiKey, type NatsLink } from '@pulsehouse/platform'
import { openNats, startNats, type TestServer } from '../../../../tests/support/servers.js'
import { temporaryFolder } from '../../../../tests/support/temporary-folder.js'
import type { ApiParts } from '../../src/api.js'
import { createApp } from '../../src/app.js'
import { createIntake, type Intake } from '../../src/intake/intake.js'
import { intakeLimits, type IntakeLimits } from '../../src/intake/limits.js'
import { listen } from '../../src/http/server.js'
import { tailLimits, type TailLimits } from '../../src/tail/limits.js'
import { createTail, type Tail } from '../../src/tail/tail.js'
import { adminKey, bearer, keyHex, knownKeys, partsOf } from './app.js'
import { openSse, type SseConnection } from './sse.js'
import { silent } from './stack.js'

/** A key that may send events and nothing else. */
export const ingestKey = `ph_${'I'.repeat(43)}`

/** A key that may read, but not see people. */
export const readKey = `ph_${'R'.repeat(43)}`

const reader: ApiKey = {
  id: 'test-reader',
  name: 'reader',
  roles: ['read'],
  createdAt: '2026-03-01T00:00:00.000Z',
  createdBy: 'test',
}

const sender: ApiKey = { ...reader, id: 'test-sender', name: 'sender', roles: ['ingest'] }

/** An API over a real nats-server, listening; everything ends with the test. */
interface TailApi {
  tail: Tail
  url: string
  /** Opens a live tail. */
  open(query?: string, headers?: Record<string, string>): Promise<SseConnection>
}

/** One such API, what it reads, and how to start more of them. */
export interface TailStack extends TailApi {
  server: TestServer
  nats: NatsLink
  /** Publishes a chunk of lines; what is no text is written as JSON. @returns its sequence. */
  publish(lines: readonly unknown[]): Promise<number>
  anotherApi(): Promise<TailApi>
}

/** Starts one. */
export async function startTailStack(
  limits: Partial<TailLimits> = {},
  parts: Partial<ApiParts> = {},
  more: { streamBytes?: number; intake?: Partial<IntakeLimits> } = {},
): Promise<TailStack> {
  const server = await startNats(temporaryFolder())
  const nats = await openNats(server)
  await ensureLogStream(nats, more.streamBytes ?? 32 * 1024 * 1024)
  const publisher = openPublisher(nats, { subject: 'logs.test', log: silent })
  onTestFinished(() => publisher.close())
  const anotherApi = (): Promise<TailApi> =>
    startApi({ ...tailLimits, ...limits }, { nats, intake: intakeOf(nats, more.intake), ...parts })
  return {
    ...(await anotherApi()),
    server,
    nats,
    publish: (lines) => {
      const payload = Buffer.from(lines.map((line) => `${textOf(line)}\n`).join(''))
      return publisher.publish(payload, { id: randomUUID(), contentType: 'application/x-ndjson' })
    },
    anotherApi,
  }
}

async function startApi(limits: TailLimits, parts: Partial<ApiParts> & { nats: NatsLink }): Promise<TailApi> {
  const protection = createProtection('pseudonyms', keyHex)
  const tail = createTail({ nats: parts.nats, protection, log: silent }, limits)
  const keys = knownKeys({ [readKey]: reader, [ingestKey]: sender })
  const app = createApp(partsOf({ protection, tail, keys, nowMs: Date.now, ...parts }))
  const api = await listen(app, { port: 0, host: '127.0.0.1' })
  const connections: SseConnection[] = []
  onTestFinished(async () => {
    for (const connection of connections) connection.close()
    tail.close()
    await api.close()
  })
  return {
    tail,
    url: api.url,
    open: async (query = '', headers = {}) => {
      const connection = await openSse(`${api.url}/v1/logs/tail${query}`, { ...bearer(adminKey), ...headers })
      connections.push(connection)
      return connection
    },
  }
}

function intakeOf(nats: NatsLink, limits: Partial<IntakeLimits> = {}): Intake {
  return createIntake({ nats, log: silent, nowMs: Date.now }, { ...intakeLimits, ...limits })
}

function textOf(line: unknown): string {
  return typeof line === 'string' ? line : JSON.stringify(line)
}
