import { setImmediate } from 'node:timers/promises'
import type { Protection } from '@pulsehouse/events'
import { readLogStreamState, type Chunk, type Logger, type NatsLink } from '@pulsehouse/platform'
import { decodeChunk } from './decode-chunk.js'
import { followStream, type StreamGap } from './follow-stream.js'
import type { TailLimits } from './limits.js'
import { gapNotice } from './notices.js'
import { laterOf, nextSeqOf, wholeChunk, type TailPosition } from './position.js'
import { TailWindow, type Slot } from './window.js'

/** What the reading of the queue works with. */
export interface FeedParts {
  nats: NatsLink
  protection: Protection
  log: Logger
}

/** Other requests get a turn at least this often, milliseconds. */
const breathEveryMs = 10

/**
 * The one reading of the queue that all readers share: each chunk is read, decoded and protected once. It knows no
 * reader; they look into its window and are woken when there is more.
 */
export class Feed {
  readonly window: TailWindow
  readonly #parts: FeedParts
  readonly #limits: TailLimits
  readonly #stopped = new AbortController()
  readonly #waiting = new Set<() => void>()
  #open: Slot | undefined
  #flushing: NodeJS.Timeout | undefined

  private constructor(parts: FeedParts, limits: TailLimits, start: TailPosition) {
    this.#parts = parts
    this.#limits = limits
    this.window = new TailWindow(start, limits.windowBytesMax)
  }

  /**
   * Starts to read at the end of the stream, or where the first reader wants to go on, if that is not far from it.
   *
   * @throws when NATS does not answer or has no stream.
   */
  static async start(parts: FeedParts, limits: TailLimits, wanted?: TailPosition): Promise<Feed> {
    const { createdSeconds, firstSeq, lastSeq } = await readLogStreamState(parts.nats)
    const receivedSeconds = Math.floor(Date.now() / 1000)
    const end = { createdSeconds, seq: lastSeq, index: wholeChunk, receivedSeconds }
    const near =
      wanted?.createdSeconds === createdSeconds &&
      wanted.seq <= lastSeq &&
      nextSeqOf(wanted) >= firstSeq &&
      lastSeq - wanted.seq <= limits.lookbackChunksMax
    // The reading takes whole chunks: a reader that has half of one passes over that half by itself.
    const start = near ? { ...wanted, seq: nextSeqOf(wanted) - 1, index: wholeChunk } : end
    const feed = new Feed(parts, limits, start)
    // Readers that start now are spared what the first one has still to come.
    feed.window.reach = end
    feed.#run(start).catch((error: unknown) => {
      parts.log.error({ err: error }, 'the live tail has failed; readers have to connect again')
      feed.stop()
    })
    return feed
  }

  /** Whether the reading has ended, and nothing will come any more. */
  get isStopped(): boolean {
    return this.#stopped.signal.aborted
  }

  /** Resolves when there is another slot, at `wake`, or when the signal fires. */
  async change(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake)
        this.#waiting.delete(wake)
        resolve()
      }
      signal.addEventListener('abort', wake)
      this.#waiting.add(wake)
    })
  }

  /** Lets everybody look again who waits for a change. */
  wake(): void {
    for (const wake of this.#waiting) wake()
  }

  /** Ends the reading. */
  stop(): void {
    this.#stopped.abort()
    clearTimeout(this.#flushing)
    this.wake()
  }

  async #run(start: TailPosition): Promise<void> {
    let breathMs = performance.now()
    for await (const followed of followStream(this.#parts, start, this.#stopped.signal)) {
      if (followed.kind === 'gap') this.#addGap(followed.gap)
      else this.#addChunk(followed.chunk, followed.createdSeconds)
      if (performance.now() - breathMs < breathEveryMs) continue
      await setImmediate()
      breathMs = performance.now()
    }
  }

  /** A gap begins a slot of its own, so that its notice stands between the right events. */
  #addGap(gap: StreamGap): void {
    this.#flush()
    this.window.reach = laterOf(this.window.reach, gap.until)
    this.window.add({ end: gap.until, events: [], notice: gapNotice(gap), bytes: 0 })
    this.wake()
  }

  #addChunk(chunk: Chunk, createdSeconds: number): void {
    const events = decodeChunk(chunk, createdSeconds, this.#parts.protection)
    const receivedSeconds = Math.floor(chunk.receivedAtMicros / 1e6)
    const end = { createdSeconds, seq: chunk.seq, index: wholeChunk, receivedSeconds }
    this.window.reach = laterOf(this.window.reach, end)
    this.#open ??= { end, events: [], notice: '', bytes: 0 }
    this.#open.end = end
    this.#open.bytes += chunk.payload.length
    for (const event of events) this.#open.events.push(event)
    if (this.#open.bytes >= this.#limits.slotBytesMax) this.#flush()
    else this.#flushing ??= setTimeout(() => this.#flush(), this.#limits.coalesceMs)
  }

  #flush(): void {
    clearTimeout(this.#flushing)
    this.#flushing = undefined
    const slot = this.#open
    if (slot === undefined) return
    this.#open = undefined
    this.window.add(slot)
    this.wake()
  }
}
