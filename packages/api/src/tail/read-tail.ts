import { setTimeout as delay } from 'node:timers/promises'
import type { Audience } from './audience.js'
import type { Feed, FeedParts } from './feed.js'
import { decodeChunk } from './decode-chunk.js'
import { followStream } from './follow-stream.js'
import type { Gate } from '../http/gate.js'
import { droppedNotice, gapNotice, heartbeat } from './notices.js'
import { laterOf, wholeChunk, type TailPosition } from './position.js'
import type { TailLimits } from './limits.js'
import type { TailEvent } from './tail-event.js'

/** What a reader reads with. */
export interface TailReading {
  parts: FeedParts
  feed: Feed
  audience: Audience
  limits: TailLimits
  /** Lets only so many readers catch up by themselves at a time. */
  catchUps: Gate
  /** Fires when the reader has gone, or must go. */
  signal: AbortSignal
}

/**
 * All that one reader is sent, piece by piece as it takes them. It holds nothing but its place: how far it may fall
 * behind is how far the window reaches, so a slow reader costs no memory and nobody waits for it.
 */
export async function* readTail(reading: TailReading, from: TailPosition): AsyncGenerator<Buffer> {
  const { feed, limits, signal } = reading
  yield Buffer.from(`retry: ${limits.retryMs}\n${heartbeat(from)}`)
  let position = from
  let number = feed.window.find(position)
  if (number === undefined) {
    position = yield* catchUp(reading, position)
    number = feed.window.find(position)
  }
  if (number === undefined) return
  let sentMs = performance.now()
  while (!signal.aborted && !feed.isStopped) {
    if (number < feed.window.first) {
      yield Buffer.from(droppedNotice(position))
      return
    }
    const bytes: Buffer | undefined = bytesAt(reading, number, position)
    if (bytes === undefined) {
      if (performance.now() - sentMs >= limits.heartbeatMs) {
        sentMs = performance.now()
        yield Buffer.from(heartbeat(position))
      } else await feed.change(signal)
      continue
    }
    position = laterOf(position, feed.window.slot(number)?.end ?? position)
    number += 1
    if (bytes.length === 0) continue
    sentMs = performance.now()
    yield bytes
  }
}

/** A slot as the reader is sent it; of the one that it has in part, only the rest, and that is nobody else's. */
function bytesAt(
  { feed, audience }: TailReading,
  number: number,
  position: TailPosition,
): Buffer | undefined {
  const slot = feed.window.slot(number)
  if (slot === undefined) return undefined
  const isPartly = slot.events[0] !== undefined && !isAfter(slot.events[0], position)
  if (!isPartly) return audience.bytesOf(slot)
  return Buffer.from(slot.notice + audience.textOf(slot.events.filter((event) => isAfter(event, position))))
}

/**
 * Reads what lies before the window by a reading of its own, at the reader's pace, until the window has the rest.
 *
 * @returns up to where the reader has everything.
 */
async function* catchUp(reading: TailReading, from: TailPosition): AsyncGenerator<Buffer, TailPosition> {
  const { parts, feed, audience, catchUps, limits, signal } = reading
  let position = from
  const entering = catchUps.enter(signal)
  const done = new AbortController()
  const either = AbortSignal.any([signal, done.signal])
  try {
    while ((await Promise.race([entering, delay(limits.heartbeatMs, 'wait' as const)])) === 'wait') {
      yield Buffer.from(heartbeat(position))
    }
    for await (const followed of followStream(parts, position, either)) {
      if (followed.kind === 'gap') {
        position = followed.gap.until
        yield Buffer.from(gapNotice(followed.gap))
      } else {
        const { chunk, createdSeconds } = followed
        const events = decodeChunk(chunk, createdSeconds, parts.protection)
        const text = audience.textOf(events.filter((event) => isAfter(event, position)))
        const receivedSeconds = Math.floor(chunk.receivedAtMicros / 1e6)
        position = { createdSeconds, seq: chunk.seq, index: wholeChunk, receivedSeconds }
        if (text !== '') yield Buffer.from(text)
      }
      if (feed.window.find(position) !== undefined) break
    }
  } finally {
    done.abort()
    void entering.then((leave) => leave())
  }
  return position
}

function isAfter({ log }: TailEvent, position: TailPosition): boolean {
  if (log.stream_created_seconds !== position.createdSeconds) return true
  return (
    log.stream_seq > position.seq || (log.stream_seq === position.seq && log.event_index > position.index)
  )
}
