import { setTimeout as delay } from 'node:timers/promises'
import { createLogger, openPublisher, type Clickhouse, type NatsLink } from '@pulsehouse/platform'
import { randomFrom } from '../scoring/random.js'

/** Milliseconds from one probe to the next: drawn, so that no probe keeps step with the ingester's batches. */
const gapMs = { min: 50, max: 150 } as const
/** Between an answer and the next question. */
const pauseMs = 5
/** A probe that cannot be read after so long is lost, milliseconds. */
const waitMaxMs = 30_000
/** Nothing else has this service, and rows are sorted by it: a question reads one granule of a part. */
const service = 'freshness-probe'

/** What the probes tell, milliseconds each, in the order in which they were sent. */
export interface ProbeTimes {
  /** From the moment before it is published to the end of the first answer that has it. */
  readable: number[]
  /** From the same moment to the queue's acknowledgement. */
  acknowledged: number[]
  /** How long a question takes: what is measured is too long by up to this. */
  asked: number[]
}

/** Publishes so many single events, and asks for them all the time. @throws when one is lost. */
export async function sendProbes(nats: NatsLink, clickhouse: Clickhouse, count: number): Promise<ProbeTimes> {
  const sentMs = new Map<string, number>()
  const sending = publishAll(nats, count, sentMs)
  const over = new AbortController()
  const { readMs, asked, reading } = readAll(clickhouse, count, over.signal)
  // Both are awaited below; until then their failures are nobody's.
  sending.catch(() => undefined)
  reading.catch(() => undefined)
  try {
    const acknowledged = await sending
    const outcome = await Promise.race([reading, delay(waitMaxMs, 'late' as const, { ref: false })])
    if (outcome === 'late')
      throw new Error(
        `${count - readMs.size} of ${count} probes could not be read ${waitMaxMs / 1_000} s later.`,
      )
    return {
      readable: [...sentMs].map(([id, ms]) => (readMs.get(id) ?? Number.NaN) - ms),
      acknowledged,
      asked,
    }
  } finally {
    over.abort()
    await reading
  }
}

/** Asks until all probes are there, and notes when each was seen first. */
function readAll(
  clickhouse: Clickhouse,
  count: number,
  signal: AbortSignal,
): { readMs: ReadonlyMap<string, number>; asked: number[]; reading: Promise<void> } {
  const readMs = new Map<string, number>()
  const asked: number[] = []
  const fromSeconds = Math.floor(Date.now() / 1_000)
  const read = async (): Promise<void> => {
    while (readMs.size < count && !signal.aborted) {
      const startMs = performance.now()
      const ids = await probesSince(clickhouse, fromSeconds)
      const endMs = performance.now()
      asked.push(endMs - startMs)
      for (const id of ids) if (!readMs.has(id)) readMs.set(id, endMs)
      await delay(pauseMs)
    }
  }
  return { readMs, asked, reading: read() }
}

async function publishAll(nats: NatsLink, count: number, sentMs: Map<string, number>): Promise<number[]> {
  const publisher = openPublisher(nats, { subject: 'logs.bench', log: createLogger('bench', 'silent') })
  const draw = randomFrom(7)
  const publishing: Promise<number>[] = []
  for (let i = 0; i < count; i += 1) {
    await delay(gapMs.min + draw() * (gapMs.max - gapMs.min))
    const id = `probe-${i}`
    const startMs = performance.now()
    sentMs.set(id, startMs)
    const sent = publisher.publish(probe(id), { id, contentType: 'application/x-ndjson' })
    publishing.push(sent.then(() => performance.now() - startMs))
  }
  const acknowledged = await Promise.all(publishing)
  publisher.close()
  return acknowledged
}

function probe(id: string): Buffer {
  const event = { timestamp: new Date().toISOString(), request_id: id, service, level: 'INFO', url: '/probe' }
  return Buffer.from(`${JSON.stringify(event)}\n`)
}

async function probesSince(clickhouse: Clickhouse, fromSeconds: number): Promise<string[]> {
  const rows = await clickhouse.query<{ id: string }>(
    `SELECT request_id AS id FROM logs
     WHERE service = {service:String} AND timestamp >= toDateTime({from:UInt32}, 'UTC')`,
    { service, from: fromSeconds },
  )
  return rows.map(({ id }) => id)
}
