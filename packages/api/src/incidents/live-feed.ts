import { setTimeout as delay } from 'node:timers/promises'
import type { Clickhouse, Logger } from '@pulsehouse/platform'
import type { Sight } from '../access/sight.js'
import { lookAfter, pacedStream, StreamFull } from '../http/paced-stream.js'
import type { QueryRun } from '../query/named-query.js'
import { liveLimits, type LiveLimits } from './live-limits.js'
import { isBehind, type LivePosition } from './live-position.js'
import { LiveReader, type LiveRequest } from './live-reader.js'
import { readChanges, readNewest, type ReadChanges } from './read-changes.js'

/** The live stream of incidents of one process: its readers, and the one poller behind them. */
export interface LiveFeed {
  /**
   * Lets a reader in.
   *
   * @throws {StreamFull} when there are too many, or the feed is closed.
   * @throws {QueryFailure} when ClickHouse does not answer.
   */
  open(request: LiveRequest): Promise<ReadableStream<Uint8Array>>
  /** How many readers there are. */
  readonly readers: number
  /** Ends all readers; they may come back to another process, and go on where they were. */
  close(): void
}

/** Readers are looked after so often: heartbeats, and who must go. Milliseconds. */
const careEveryMs = 1_000

/** Makes a live feed. ClickHouse is asked while there are readers, and not before. */
export function createLiveFeed(
  { clickhouse, log }: { clickhouse: Clickhouse; log: Logger },
  limits: LiveLimits = liveLimits,
): LiveFeed {
  const readers = new Set<LiveReader>()
  const run: QueryRun = { clickhouse, timeLimitMs: limits.pollTimeLimitMs }
  let polling: AbortController | undefined
  let isClosed = false

  const care = setInterval(() => {
    for (const reader of readers) {
      lookAfter(reader, limits.cutOffMs)
      reader.look()
    }
  }, careEveryMs)
  care.unref()

  const stopPolling = (): void => {
    polling?.abort()
    polling = undefined
  }
  const keepPolling = async (from: LivePosition, signal: AbortSignal): Promise<void> => {
    let position = from
    while (!signal.aborted) {
      await delay(limits.pollEveryMs, undefined, { signal }).catch(() => undefined)
      try {
        if (!signal.aborted) position = await pollFor(readers, position, { ...run, signal }, limits)
      } catch (error) {
        if (signal.aborted) return
        // The failure's own words, and not ClickHouse's, which repeat what was asked.
        log.warn({ why: String(error) }, 'the live stream of incidents can not ask ClickHouse; trying again')
        for (const reader of readers) reader.takeNothing()
      }
    }
  }
  const leave = (reader: LiveReader): void => {
    if (!readers.delete(reader)) return
    reader.end.abort()
    if (readers.size === 0) stopPolling()
  }

  return {
    get readers() {
      return readers.size
    },
    close: () => {
      isClosed = true
      clearInterval(care)
      stopPolling()
      for (const { end } of readers) end.abort()
    },
    open: async (request) => {
      if (isClosed) throw new StreamFull('The API is about to stop: connect again in a moment.')
      if (readers.size >= limits.readersMax) {
        throw new StreamFull(
          `The live stream of incidents has ${limits.readersMax} readers, and no room for more: try again later.`,
        )
      }
      const reader = new LiveReader(request, limits, run)
      readers.add(reader)
      try {
        // The polling begins no further on than where the reader will look by itself, so that nothing lies between them.
        const newest = await readNewest(run)
        if (polling === undefined && readers.has(reader) && !reader.end.signal.aborted) {
          polling = new AbortController()
          void keepPolling(newest, polling.signal)
        }
        return pacedStream(reader, reader.pieces(request.after ?? newest), () => leave(reader))
      } catch (error) {
        leave(reader)
        throw error
      }
    },
  }
}

/**
 * Asks for what is new, once for all readers who see as much of people, and gives it to them.
 *
 * @returns up to where all of it has been given.
 * @throws {QueryFailure}
 */
async function pollFor(
  readers: ReadonlySet<LiveReader>,
  after: LivePosition,
  run: QueryRun,
  { pageMax }: LiveLimits,
): Promise<LivePosition> {
  const to = await readNewest(run)
  const found = new Map<Sight, ReadChanges>()
  if (isBehind(to, after)) {
    for (const sight of new Set([...readers].map(({ request }) => request.sight))) {
      found.set(sight, await readChanges({ after, to }, { sight, pageMax }, run))
    }
  }
  // Whoever has come meanwhile, and sees otherwise, reads by itself up to a later place than this.
  for (const reader of readers) reader.take(found.get(reader.request.sight))
  const reached = [...found.values()].map(({ upTo }) => upTo)
  return reached.reduce(
    (least, upTo) => (isBehind(least, upTo) ? upTo : least),
    isBehind(to, after) ? to : after,
  )
}
