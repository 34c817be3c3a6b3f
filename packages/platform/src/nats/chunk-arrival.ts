import { NatsError } from 'nats'
import type { NatsLink } from './connection.js'
import { logStream } from './log-stream.js'

/** When the queue took a chunk, milliseconds since 1970; undefined where the stream holds no such chunk any more. */
export async function readChunkArrival(nats: NatsLink, seq: number): Promise<number | undefined> {
  try {
    const message = await nats.manager.streams.getMessage(logStream.name, { seq })
    return message.time.getTime()
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.code === 404) return undefined
    throw error
  }
}
