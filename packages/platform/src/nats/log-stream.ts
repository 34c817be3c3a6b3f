import { DiscardPolicy, NatsError, RetentionPolicy, StorageType, type StreamInfo } from 'nats'
import { limits } from '@pulsehouse/events'
import type { NatsLink } from './connection.js'

/** The stream of all log chunks and the subjects it takes. */
export const logStream = { name: 'LOGS', subjects: ['logs.>'] } as const

/** Room for a chunk's headers, in bytes. */
const headerBytesMax = 8 * 1024
/** How long the server remembers a chunk's id, in milliseconds: a producer's retry within it is no second chunk. */
const duplicateWindowMs = 120_000

/** What the stream holds at one moment. */
export interface LogStreamState {
  /** When the stream was made, ISO 8601: a stream that was deleted and made anew is another one. */
  created: string
  /** The same in whole seconds since 1970, as rows carry it. */
  createdSeconds: number
  firstSeq: number
  /** When the queue took the oldest chunk that it holds, milliseconds since 1970; undefined where it holds none. */
  firstReceivedMs: number | undefined
  /** Sequence of the newest chunk, 0 where there has been none. */
  lastSeq: number
  messages: number
  bytes: number
  bytesMax: number
}

/**
 * Makes the stream where it is missing, and proves an existing one by what delivery rests on: file storage, and
 * limits that refuse new chunks; one that discards old chunks deletes what nobody has read.
 *
 * @param bytesMax the stream's size on disk; producers wait when it is full.
 */
export async function ensureLogStream(nats: NatsLink, bytesMax: number): Promise<LogStreamState> {
  const present = await findStream(nats)
  if (present === undefined) {
    const info = await nats.manager.streams.add({
      name: logStream.name,
      subjects: [...logStream.subjects],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.New,
      max_bytes: bytesMax,
      max_msg_size: limits.chunkBytesMax + headerBytesMax,
      duplicate_window: duplicateWindowMs * 1e6,
    })
    return stateOf(info)
  }
  const { discard, retention, storage } = present.config
  if (discard !== DiscardPolicy.New || retention !== RetentionPolicy.Limits || storage !== StorageType.File) {
    throw new Error(
      `The stream ${logStream.name} exists with other rules (${storage}, ${retention}, discard ${discard}); ` +
        'it must be file, limits, discard new: edit it or use another NATS server.',
    )
  }
  return stateOf(present)
}

/** What the stream holds now. @throws when there is no stream. */
export async function readLogStreamState(nats: NatsLink): Promise<LogStreamState> {
  const info = await findStream(nats)
  if (info === undefined) throw new Error(`There is no stream ${logStream.name}; npm start makes it.`)
  return stateOf(info)
}

/** Deletes the chunks up to a sequence, itself included; they are stored in ClickHouse by then. */
export async function purgeLogStream(nats: NatsLink, throughSeq: number): Promise<number> {
  const { purged } = await nats.manager.streams.purge(logStream.name, { seq: throughSeq + 1 })
  return purged
}

async function findStream(nats: NatsLink): Promise<StreamInfo | undefined> {
  try {
    return await nats.manager.streams.info(logStream.name)
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.code === 404) {
      return undefined
    }
    throw error
  }
}

function stateOf(info: StreamInfo): LogStreamState {
  const { first_seq, first_ts, last_seq, messages, bytes } = info.state
  const created = new Date(info.created)
  return {
    created: created.toISOString(),
    createdSeconds: Math.floor(created.getTime() / 1000),
    firstSeq: first_seq,
    firstReceivedMs: messages === 0 ? undefined : Date.parse(first_ts),
    lastSeq: last_seq,
    messages,
    bytes,
    bytesMax: info.config.max_bytes,
  }
}
