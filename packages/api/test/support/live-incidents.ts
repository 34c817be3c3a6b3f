import { onTestFinished } from 'vitest'
import type { Clickhouse, KeyStore } from '@pulsehouse/platform'
import { createApp } from '../../src/app.js'
import { listen } from '../../src/http/server.js'
import type { Incident } from '../../src/incidents/incident.js'
import { createLiveFeed, type LiveFeed } from '../../src/incidents/live-feed.js'
import { liveLimits, type LiveLimits } from '../../src/incidents/live-limits.js'
import { adminKey, bearer, partsOf } from './app.js'
import { openSse, type SseConnection } from './sse.js'
import { silent } from './stack.js'

type Change = Incident & { change: string }

/** An API with a live stream of incidents, listening; everything ends with the test. */
export interface LiveApi {
  feed: LiveFeed
  /** Opens a live stream. */
  open(query?: string, headers?: Record<string, string>): Promise<SseConnection>
}

/** Starts one. It asks ClickHouse much more often than one that serves people. */
export async function startLiveApi(
  parts: { clickhouse: Clickhouse; keys: KeyStore },
  limits: Partial<LiveLimits>,
): Promise<LiveApi> {
  const { clickhouse } = parts
  const feed = createLiveFeed({ clickhouse, log: silent }, { ...liveLimits, pollEveryMs: 50, ...limits })
  const app = createApp(partsOf({ ...parts, incidents: feed, nowMs: Date.now }))
  const api = await listen(app, { port: 0, host: '127.0.0.1' })
  const connections: SseConnection[] = []
  onTestFinished(async () => {
    for (const connection of connections) connection.close()
    feed.close()
    await api.close()
  })
  return {
    feed,
    open: async (query = '', headers = {}) => {
      const address = `${api.url}/v1/incidents/live${query}`
      const connection = await openSse(address, { ...bearer(adminKey), ...headers })
      connections.push(connection)
      return connection
    },
  }
}

/** The incidents that a reader was told of. */
export const changesIn = ({ events }: Pick<SseConnection, 'events'>): Change[] =>
  events.filter(({ event }) => event === 'message').map(({ data }) => JSON.parse(data) as Change)
/** What it was told of each. */
export const told = (connection: Pick<SseConnection, 'events'>): string[] =>
  changesIn(connection).map(({ id, change }) => `${id} ${change}`)
/** Waits until a reader has been told of so many. */
export const toldBy = async (connection: SseConnection, count: number): Promise<string[]> =>
  await connection.until(`${count} changes`, () =>
    told(connection).length >= count ? told(connection) : undefined,
  )

/** A request of somebody who reads the feed itself, without a server between. */
export const directRequest = {
  passes: () => true,
  sight: 'all',
  isAllowed: () => true,
  cutOff: () => undefined,
} as const

/** All that a stream has said. */
export function textsOf(stream: ReadableStream<Uint8Array>): {
  whole: () => string
  stop: () => Promise<void>
} {
  const reading = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const readAll = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reading.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
    }
  }
  void readAll()
  return { whole: () => text, stop: () => reading.cancel() }
}
