import type { Sight } from '../access/sight.js'
import type { EventFilter } from './event-filter.js'
import { Audience } from './audience.js'
import { Feed, type FeedParts } from './feed.js'
import { openGate } from '../http/gate.js'
import {
  lookAfter,
  pacedStream,
  StreamFull,
  type PacedReader,
  type PacedRequest,
} from '../http/paced-stream.js'
import { tailLimits, type TailLimits } from './limits.js'
import type { TailPosition } from './position.js'
import { readTail } from './read-tail.js'

/** Who wants to read, and what. */
export interface TailRequest extends PacedRequest {
  /** The same text for the same filters and rights: such readers share what is written for them. */
  audienceKey: string
  passes: EventFilter
  /** How much of people the reader sees. */
  sight: Sight
  /** Up to where the reader has everything; without it, it starts now. */
  after: TailPosition | undefined
}

/** The live tail of one process: its readers, and the one reading of the queue behind them. */
export interface Tail {
  /**
   * Lets a reader in.
   *
   * @throws {StreamFull} when there are too many, or the tail is closed.
   * @throws when NATS does not answer.
   */
  open(request: TailRequest): Promise<ReadableStream<Uint8Array>>
  /** How many readers there are. */
  readonly readers: number
  /** Ends all readers; they may come back to another process, and go on where they were. */
  close(): void
}

type Reader = PacedReader & { request: TailRequest }

/** Readers are looked after so often: heartbeats, and who must go. Milliseconds. */
const careEveryMs = 1_000

/** Makes a live tail. It reads nothing before the first reader comes. */
export function createTail(parts: FeedParts, limits: TailLimits = tailLimits): Tail {
  const readers = new Set<Reader>()
  const audiences = new Map<string, Audience>()
  const catchUps = openGate(limits.catchUpsMax)
  let feed: Promise<Feed> | undefined
  let lingering: NodeJS.Timeout | undefined
  let isClosed = false

  const care = setInterval(() => {
    for (const reader of readers) lookAfter(reader, limits.cutOffMs)
    void feed?.then(
      (running) => running.wake(),
      () => undefined,
    )
  }, careEveryMs)
  care.unref()

  const stopFeed = (): void => {
    void feed?.then(
      (running) => running.stop(),
      () => undefined,
    )
    feed = undefined
  }
  const startFeed = async (wanted: TailPosition | undefined): Promise<Feed> => {
    clearTimeout(lingering)
    while (feed !== undefined) {
      const present: Promise<Feed> = feed
      const running = await present
      if (!running.isStopped) return running
      if (feed === present) feed = undefined
    }
    const starting = Feed.start(parts, limits, wanted)
    feed = starting
    starting.catch(() => {
      if (feed === starting) feed = undefined
    })
    return await starting
  }
  const leave = (reader: Reader, audience: Audience): void => {
    if (!readers.delete(reader)) return
    reader.end.abort()
    audience.readers -= 1
    if (audience.readers === 0) audiences.delete(reader.request.audienceKey)
    if (readers.size === 0) lingering = setTimeout(stopFeed, limits.lingerMs).unref()
  }

  return {
    get readers() {
      return readers.size
    },
    close: () => {
      isClosed = true
      clearInterval(care)
      clearTimeout(lingering)
      for (const { end } of readers) end.abort()
      stopFeed()
    },
    open: async (request) => {
      if (isClosed) throw new StreamFull('The API is about to stop: connect again in a moment.')
      if (readers.size >= limits.readersMax) {
        throw new StreamFull(
          `The live tail has ${limits.readersMax} readers, and no room for more: try again later.`,
        )
      }
      const reader: Reader = { request, end: new AbortController(), untakenSinceMs: undefined }
      const audience = audiences.get(request.audienceKey) ?? new Audience(request.passes, request.sight)
      audiences.set(request.audienceKey, audience)
      readers.add(reader)
      audience.readers += 1
      try {
        const running = await startFeed(request.after)
        const reading = { parts, feed: running, audience, limits, catchUps, signal: reader.end.signal }
        const pieces = readTail(reading, request.after ?? running.window.reach)
        return pacedStream(reader, pieces, () => leave(reader, audience))
      } catch (error) {
        leave(reader, audience)
        throw error
      }
    },
  }
}
