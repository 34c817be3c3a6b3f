import { setTimeout as delay } from 'node:timers/promises'
import { readLogStream, type NatsLink, type StreamReading } from '@pulsehouse/platform'

const newline = 0x0a
/** Wait before a reading that broke is begun again, milliseconds. */
const retryWaitMs = 200

/** What went through the queue, as somebody saw it who only listens. */
export interface StreamTap {
  /** Lines by the sequence of their chunk. */
  lines: ReadonlyMap<number, number>
  /** The newest chunk that was seen. */
  lastSeq(): number
  /** Chunks that were cleared from the queue before they were seen. */
  unseen(): number
  close(): Promise<void>
}

/** Follows the queue from its first chunk on, through every end of its server. */
export function openStreamTap(nats: NatsLink): StreamTap {
  const lines = new Map<number, number>()
  const closed = new AbortController()
  let last = 0
  let unseen = 0
  let reading: StreamReading | undefined
  const follow = async (): Promise<void> => {
    reading = await readLogStream(nats, last + 1)
    for await (const { seq, payload } of reading) {
      if (seq <= last) continue
      unseen += seq - last - 1
      last = seq
      lines.set(seq, countLines(payload))
      if (closed.signal.aborted) return
    }
  }
  const run = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      await follow().catch(() => {})
      reading?.stop()
      await delay(retryWaitMs, undefined, { signal: closed.signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    lines,
    lastSeq: () => last,
    unseen: () => unseen,
    close: async () => {
      closed.abort()
      reading?.stop()
      await running
    },
  }
}

/** Counted here and not by the product's own means: it is what they are held against. */
function countLines(payload: Uint8Array): number {
  let ends = 0
  for (const byte of payload) if (byte === newline) ends += 1
  return payload.at(-1) === newline ? ends : ends + 1
}
