import { until } from '../../../../tests/support/until.js'

/** A Server-Sent Event as a browser would see it. */
export interface SseEvent {
  event: string
  id: string
  data: string
}

/** A connection to a stream of events that reads as fast as it can, until it is closed. */
export interface SseConnection {
  status: number
  headers: Headers
  events: SseEvent[]
  /** Of the last event, heartbeats included. */
  lastId(): string
  /** Whether the server has ended the stream. */
  ended(): boolean
  /** Waits for the first events that satisfy. */
  until<T>(what: string, probe: (events: SseEvent[]) => T | undefined): Promise<T>
  close(): void
}

/** Opens a stream of events. */
export async function openSse(url: string, headers: Record<string, string> = {}): Promise<SseConnection> {
  const abort = new AbortController()
  const response = await fetch(url, { headers, signal: abort.signal })
  const events: SseEvent[] = []
  let lastId = ''
  let ended = false
  const take = (block: string): void => {
    const fields = new Map(
      block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    )
    lastId = fields.get('id') ?? lastId
    const data = fields.get('data')
    if (data !== undefined) events.push({ event: fields.get('event') ?? 'message', id: lastId, data })
  }
  const readAll = async (): Promise<void> => {
    let rest = ''
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      blocks.forEach(take)
    }
  }
  void readAll().then(
    () => (ended = true),
    () => (ended = true),
  )
  return {
    status: response.status,
    headers: response.headers,
    events,
    lastId: () => lastId,
    ended: () => ended,
    until: (what, probe) => until(what, () => Promise.resolve(probe(events))),
    close: () => abort.abort(),
  }
}
