import { DeliverPolicy, type JsMsg } from 'nats'
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
  stop(): Promise<void>
}

/**
 * Chunks that the client asks the server for ahead of the reader, which bounds the memory: at half a mebibyte each, 32
 * MiB. Not bytes: nats 2.29 can't take up an ordered reading again that was limited by bytes.
 */
const readAheadChunks = 64

/**
 * Reads the log stream in order from a sequence on, without acknowledgements: what is done with is known by its
 * sequence alone. A lost connection is resumed where it broke.
 *
 * @param created if given, only a stream that was made then is read (ISO 8601): the reading fails when it is made anew.
 */
export async function readLogStream(
  nats: NatsLink,
  fromSeq: number,
  created?: string,
): Promise<StreamReading> {
  const consumer = await nats.jetstream.consumers.get(logStream.name, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: Math.max(fromSeq, 1),
  })
  const messages = await consumer.consume({ max_messages: readAheadChunks, expires: 5_000 })
  return {
    stop: async () => {
      messages.stop()
      await messages.closed()
    },
    async *[Symbol.asyncIterator]() {
      let last = 0
      let proved = ''
      for await (const message of messages) {
        // A consumer dies with its stream, so each has to be proved once only.
        if (created !== undefined && message.info.consumer !== proved) {
          await proveStream(nats, created)
          proved = message.info.consumer
        }
        // Taken up again, a reading may repeat what it had; a hole within it would be a loss.
        if (message.seq <= last) continue
        if (last > 0 && message.seq !== last + 1) {
          throw new Error(`The reading jumped from chunk ${last} to ${message.seq}.`)
        }
        last = message.seq
        yield toChunk(message)
      }
    },
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
