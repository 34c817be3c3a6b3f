import { setTimeout as delay } from 'node:timers/promises'
import { AckPolicy, DeliverPolicy, nanos, NatsError, type ConsumerMessages, type JsMsg } from 'nats'
import type { NatsLink } from './connection.js'
import { logStream, readLogStreamState } from './log-stream.js'
import { timeShiftHeader } from './publisher.js'

/** One message of the log stream. */
export interface Chunk {
  seq: number
  /** When the server took it, microseconds since 1970; the same at every reading. */
  receivedAtMicros: number
  contentType: string | undefined
  /** What is added to its events' times, microseconds. */
  timeShiftMicros: number
  payload: Uint8Array
  /** Messages behind this one at the time of delivery. */
  pending: number
}

/** An ordered reading of the stream: every chunk from a sequence on, once, in order. */
export interface StreamReading extends AsyncIterable<Chunk> {
  stop(): void
}

/**
 * Chunks that lie between the server and the reader at the most, which bounds the memory: at half a mebibyte each, 16 MiB.
 * The server holds to it: it sends no more than that beyond what is acknowledged. `max_messages` alone is no bound: an ordered
 * consumer of nats.js 2.29 asks again as messages come in, read or not, and any other one at each heartbeat that a slow reader misses.
 */
const readAheadChunks = 32
/** Chunks that are acknowledged at a time; one answer covers those before it. */
const acknowledgedAtOnce = 8
/** How long the server keeps the place of a reader that is gone, milliseconds. */
const readerGoneAfterMs = 30_000
/** A reader may stand still for so long, milliseconds; a day. */
const acknowledgedWithinMs = 86_400_000
const reopenWaitMs = 250

/**
 * Reads the log stream in order from a sequence on. What is done with is known by its sequence alone: what is acknowledged here
 * is only taken from the connection. A reading that breaks, or that misses a chunk, is opened anew behind the last chunk.
 *
 * @param created if given, only a stream that was made then is read (ISO 8601): the reading fails when it is made anew.
 * @throws when there is no stream.
 */
export async function readLogStream(
  nats: NatsLink,
  fromSeq: number,
  created?: string,
): Promise<StreamReading> {
  let next = Math.max(fromSeq, 1)
  let messages = await openConsumer(nats, next)
  const stopped = new AbortController()
  // What was under way on a connection that is lost is not sent again.
  const forget = nats.onReconnect(() => messages.stop())
  return {
    stop: () => {
      stopped.abort()
      forget()
      messages.stop()
    },
    async *[Symbol.asyncIterator]() {
      let last = 0
      try {
        while (!stopped.signal.aborted) {
          for await (const message of inOrder(messages, last)) {
            // A consumer dies with its stream, so each has to be proved once only.
            if (created !== undefined && message.info.deliverySequence === 1) await proveStream(nats, created)
            last = message.seq
            next = last + 1
            yield toChunk(message)
            if (message.info.deliverySequence % acknowledgedAtOnce === 0) message.ack()
          }
          if (!stopped.signal.aborted) messages = await reopenConsumer(nats, next)
        }
      } finally {
        // One that was opened while the reading was stopped, too.
        messages.stop()
        forget()
      }
    },
  }
}

/** Messages until the first that does not follow; @throws when that is the first of all: then the stream has a hole. */
async function* inOrder(messages: ConsumerMessages, before: number): AsyncGenerator<JsMsg> {
  let last = before
  try {
    for await (const message of messages) {
      const isFirst = message.info.deliverySequence === 1
      if (last > 0 && message.seq !== last + 1) {
        if (isFirst) throw new Error(`The reading jumped from chunk ${last} to ${message.seq}.`)
        return
      }
      last = message.seq
      yield message
    }
  } catch (error) {
    // The consumer is gone, with its stream or alone.
    if (!(error instanceof NatsError)) throw error
  } finally {
    messages.stop()
  }
}

async function openConsumer({ manager, jetstream }: NatsLink, seq: number): Promise<ConsumerMessages> {
  const { name } = await manager.consumers.add(logStream.name, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: seq,
    ack_policy: AckPolicy.All,
    max_ack_pending: readAheadChunks,
    // Nothing is sent a second time because the reader is slow.
    ack_wait: nanos(acknowledgedWithinMs),
    inactive_threshold: nanos(readerGoneAfterMs),
    mem_storage: true,
  })
  const consumer = await jetstream.consumers.get(logStream.name, name)
  return await consumer.consume({
    max_messages: readAheadChunks,
    expires: 5_000,
    abort_on_missing_resource: true,
  })
}

/** Opens a consumer as soon as there are a server and a stream. */
async function reopenConsumer(nats: NatsLink, seq: number): Promise<ConsumerMessages> {
  for (;;) {
    try {
      return await openConsumer(nats, seq)
    } catch (error) {
      const isRefused = error instanceof NatsError && error.api_error?.code === 400
      if (isRefused || nats.connection.isClosed()) throw error
      await delay(reopenWaitMs)
    }
  }
}

async function proveStream(nats: NatsLink, created: string): Promise<void> {
  const found = await readLogStreamState(nats)
  if (found.created !== created) {
    throw new Error(`The stream ${logStream.name} was deleted and made anew while it was read.`)
  }
}

function toChunk(message: JsMsg): Chunk {
  const shift = Number(message.headers?.get(timeShiftHeader) || 0)
  return {
    seq: message.seq,
    receivedAtMicros: Math.floor(message.info.timestampNanos / 1000),
    contentType: message.headers?.get('Content-Type') || undefined,
    timeShiftMicros: Number.isFinite(shift) ? shift : 0,
    payload: message.data,
    pending: message.info.pending,
  }
}
