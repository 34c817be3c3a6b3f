import { setTimeout as delay } from 'node:timers/promises'
import { formats } from '@pulsehouse/events'
import { openPublisher, openPublishWindow, type Logger, type NatsLink } from '@pulsehouse/platform'
import type { Random } from '../random.js'
import { ledgeredLine } from './ledgered-event.js'

/** What a producer remembers of a chunk. */
export interface LedgeredChunk {
  /** Its events' counters are this one and those that follow. */
  first: number
  events: number
  /** The sequence that the queue acknowledged it with; undefined where the outcome is unknown. */
  seq: number | undefined
}

/** A producer that remembers what it was promised. */
export interface LedgeredProducer {
  number: number
  chunks: readonly LedgeredChunk[]
  /** A sentence for each promise that contradicts another one. */
  faults: readonly string[]
  /** Stops making chunks, and resolves when every chunk has its outcome. */
  stop(): Promise<void>
}

/** Chunks on their way at a time. */
const openMax = 4
const chunkEventsMax = 120
/** A chunk that the queue does not take within so long is given up, outcome unknown, milliseconds. */
const giveUpAfterMs = { min: 1_000, max: 40_000 } as const
/** Share of the chunks that are sent once more after their acknowledgement, as by a producer that did not hear it. */
const repeatedShare = 0.05

/**
 * Starts a producer that publishes chunks of drawn sizes at a rate, in events a second, and keeps in memory which the
 * queue has acknowledged: the books that everything else is judged by.
 */
export function startLedgeredProducer(parts: {
  number: number
  nats: NatsLink
  log: Logger
  random: Random
  rate: number
}): LedgeredProducer {
  const { number, random } = parts
  const publisher = openPublisher(parts.nats, { subject: `logs.chaos.${number}`, log: parts.log })
  const chunks: LedgeredChunk[] = []
  const faults: string[] = []
  const stopped = new AbortController()
  const send = async (chunk: LedgeredChunk, giveUpMs: number, again: boolean): Promise<void> => {
    const head = { id: `chaos-${number}-${chunk.first}`, contentType: formats.json.contentType }
    const payload = Buffer.from(linesOf(number, chunk))
    try {
      chunk.seq = await publisher.publish(payload, head, Date.now() + giveUpMs)
      if (!again) return
      const seq = await publisher.publish(payload, head, Date.now() + giveUpMs)
      if (seq !== chunk.seq)
        faults.push(`the queue took chunk ${head.id} twice, as ${chunk.seq} and as ${seq}`)
    } catch {
      // It was given up: the queue may have it or not, and both are right.
    }
  }
  const run = async (): Promise<void> => {
    const window = openPublishWindow(openMax)
    for (let first = 1; !stopped.signal.aborted;) {
      const chunk: LedgeredChunk = { first, events: random.integer(1, chunkEventsMax), seq: undefined }
      first += chunk.events
      chunks.push(chunk)
      const giveUpMs = random.integer(giveUpAfterMs.min, giveUpAfterMs.max)
      await window.add(send(chunk, giveUpMs, random.share() < repeatedShare))
      await delay((chunk.events / parts.rate) * 1000, undefined, { signal: stopped.signal }).catch(() => {})
    }
    await window.settle()
  }
  const running = run()
  return {
    number,
    chunks,
    faults,
    stop: async () => {
      stopped.abort()
      await running
      publisher.close()
    },
  }
}

function linesOf(producer: number, { first, events }: LedgeredChunk): string {
  const timestamp = new Date().toISOString()
  const lines = Array.from({ length: events }, (_, index) =>
    ledgeredLine({ producer, counter: first + index }, timestamp),
  )
  return lines.join('\n')
}
