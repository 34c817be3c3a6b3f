import { DeliverPolicy } from 'nats'
import type { NatsLink } from './connection.js'
import { logStream } from './log-stream.js'

/** Headers that are asked for at a time. */
const fetchHeads = 1_000
/** The server answers sooner when it has that many, milliseconds. */
const fetchWaitMs = 2_000

/**
 * Looks for a chunk by its identity among those that the stream took on a subject behind a sequence. Only their headers are read.
 *
 * @returns its sequence, or undefined where there is none.
 */
export async function findChunk(
  nats: NatsLink,
  subject: string,
  id: string,
  behindSeq: number,
): Promise<number | undefined> {
  const consumer = await nats.jetstream.consumers.get(logStream.name, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: behindSeq + 1,
    filterSubjects: subject,
    headers_only: true,
  })
  for (let pending = (await consumer.info()).num_pending; pending > 0;) {
    let seen = 0
    for await (const { headers, seq, info } of await consumer.fetch({
      max_messages: Math.min(fetchHeads, pending),
      expires: fetchWaitMs,
    })) {
      if (headers?.get('Nats-Msg-Id') === id) return seq
      seen += 1
      pending = info.pending
    }
    if (seen === 0) throw new Error('the stream stopped answering while a chunk was looked for')
  }
  return undefined
}
