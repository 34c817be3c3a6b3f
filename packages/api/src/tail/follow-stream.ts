import { setTimeout as delay } from 'node:timers/promises'
import {
  readLogStream,
  readLogStreamState,
  type Chunk,
  type Logger,
  type NatsLink,
} from '@pulsehouse/platform'
import { nextSeqOf, wholeChunk, type TailPosition } from './position.js'

/** What following the stream gives: the next chunk, or the news that some are missing before it. */
export type Followed =
  { kind: 'chunk'; chunk: Chunk; createdSeconds: number } | { kind: 'gap'; gap: StreamGap }

/** Chunks that a reader should have had and that the stream does not hold any more. */
export interface StreamGap {
  /** Up to where everything was read. */
  after: TailPosition
  /** Where the reading goes on: all before is missing, or was never there. */
  until: TailPosition
}

/** Wait before the stream is taken up again after a failure, milliseconds. */
const retryWaitMs = 250
/** When nothing came for so long, the server is asked whether there is something, milliseconds. */
const idleCheckMs = 2_000

/**
 * Follows the stream from a position on, for as long as nobody stops it: through lost connections, restarts of the
 * server, and a stream that is made anew. Every chunk comes once and in order; what is missing is said and never
 * passed over in silence.
 */
export async function* followStream(
  { nats, log }: { nats: NatsLink; log: Logger },
  from: TailPosition,
  signal: AbortSignal,
): AsyncGenerator<Followed> {
  let position = from
  while (!signal.aborted) {
    try {
      const start = await startOf(nats, position)
      if (start !== position) yield { kind: 'gap', gap: { after: position, until: start } }
      position = start
      for await (const chunk of readWhileAlive(nats, start, signal)) {
        const createdSeconds = start.createdSeconds
        const before = positionBefore(chunk, createdSeconds)
        if (chunk.seq > nextSeqOf(position)) {
          yield { kind: 'gap', gap: { after: position, until: before } }
        }
        position = { ...before, seq: chunk.seq }
        yield { kind: 'chunk', chunk, createdSeconds }
      }
    } catch (error) {
      if (signal.aborted) return
      log.warn({ err: error }, 'the live tail can not read the queue; trying again')
    }
    await delay(retryWaitMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Where the reading can really start: further on where chunks are gone, at the beginning of another stream. */
async function startOf(nats: NatsLink, position: TailPosition): Promise<TailPosition> {
  const { createdSeconds, firstSeq, lastSeq, firstReceivedMs } = await readLogStreamState(nats)
  const receivedSeconds = Math.floor((firstReceivedMs ?? Date.now()) / 1000)
  const first = { createdSeconds, seq: Math.max(firstSeq - 1, 0), index: wholeChunk, receivedSeconds }
  if (createdSeconds !== position.createdSeconds) return first
  // A server that lost its newest chunks counts on from where it ends.
  if (position.seq > lastSeq) return { ...position, seq: lastSeq, index: wholeChunk }
  return firstSeq > nextSeqOf(position) ? first : position
}

function positionBefore(chunk: Chunk, createdSeconds: number): TailPosition {
  const receivedSeconds = Math.floor(chunk.receivedAtMicros / 1e6)
  return { createdSeconds, seq: chunk.seq - 1, index: wholeChunk, receivedSeconds }
}

/** One reading of the stream; it ends when the stream has something that the reading does not bring. */
async function* readWhileAlive(
  nats: NatsLink,
  start: TailPosition,
  signal: AbortSignal,
): AsyncGenerator<Chunk> {
  const reading = await readLogStream(nats, nextSeqOf(start))
  const stop = (): void => reading.stop()
  signal.addEventListener('abort', stop)
  const iterator = reading[Symbol.asyncIterator]()
  let next = iterator.next()
  let idle = delay(idleCheckMs, 'idle' as const, { ref: false })
  let position = start
  let checked: TailPosition | undefined
  try {
    while (!signal.aborted) {
      const result = await Promise.race([next, idle])
      if (result === 'idle') {
        const behind = await isBehind(nats, position)
        if (behind && checked === position) return
        checked = position
        idle = delay(idleCheckMs, 'idle' as const, { ref: false })
        continue
      }
      if (result.done === true) return
      position = { ...positionBefore(result.value, start.createdSeconds), seq: result.value.seq }
      yield result.value
      next = iterator.next()
    }
  } finally {
    signal.removeEventListener('abort', stop)
    next.catch(() => undefined)
    stop()
  }
}

/** Whether the stream has more than was read, or is another one. */
async function isBehind(nats: NatsLink, position: TailPosition): Promise<boolean> {
  const { createdSeconds, lastSeq } = await readLogStreamState(nats)
  return createdSeconds !== position.createdSeconds || lastSeq >= nextSeqOf(position)
}
