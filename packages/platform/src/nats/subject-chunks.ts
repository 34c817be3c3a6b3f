import { DeliverPolicy, NatsError } from 'nats'
import type { NatsLink } from './connection.js'
import { logStream } from './log-stream.js'

/** What the stream holds of one subject. */
export interface SubjectChunks {
  /** Sequence of the newest chunk, 0 where there is none. */
  lastSeq: number
  /** Payloads, the oldest first. A chunk that is purged meanwhile is left out: it is stored. */
  payloads: Uint8Array[]
}

/** Chunks that are asked for at a time: at half a mebibyte each, 16 MiB. */
const fetchChunks = 32
/** The server answers sooner when it has that many, milliseconds. */
const fetchWaitMs = 1_000

/** Reads all chunks of a subject that the stream still holds. @param subject one under `logs.`, without wildcards. */
export async function readSubjectChunks(nats: NatsLink, subject: string): Promise<SubjectChunks> {
  const lastSeq = await lastSeqOf(nats, subject)
  const payloads: Uint8Array[] = []
  if (lastSeq === 0) return { lastSeq, payloads }
  const consumer = await nats.jetstream.consumers.get(logStream.name, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: 1,
    filterSubjects: subject,
  })
  for (let seq = 0, found = 1; seq < lastSeq && found > 0;) {
    found = 0
    for await (const message of await consumer.fetch({ max_messages: fetchChunks, expires: fetchWaitMs })) {
      found += 1
      seq = message.seq
      payloads.push(message.data)
      // Nothing more will come, and nobody waits for it.
      if (seq >= lastSeq) break
    }
  }
  return { lastSeq, payloads }
}

async function lastSeqOf(nats: NatsLink, subject: string): Promise<number> {
  try {
    return (await nats.manager.streams.getMessage(logStream.name, { last_by_subj: subject })).seq
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.code === 404) return 0
    throw error
  }
}
