import { randomUUID } from 'node:crypto'
import { AckPolicy, DeliverPolicy, nanos } from 'nats'
import type { NatsLink } from './connection.js'
import { logStream } from './log-stream.js'

/** The server forgets the question after so long if we can't tell it to, milliseconds. */
const forgetAfterMs = 5_000

/**
 * The first chunk that the queue took at a moment or later; the one that comes next, where there is none yet.
 *
 * @param timeMs milliseconds since 1970.
 */
export async function sequenceAt(nats: NatsLink, timeMs: number): Promise<number> {
  const name = `at-${randomUUID()}`
  const { delivered } = await nats.manager.consumers.add(logStream.name, {
    name,
    deliver_policy: DeliverPolicy.StartTime,
    opt_start_time: new Date(timeMs).toISOString(),
    ack_policy: AckPolicy.None,
    inactive_threshold: nanos(forgetAfterMs),
    mem_storage: true,
    num_replicas: 1,
  })
  await nats.manager.consumers.delete(logStream.name, name)
  return delivered.stream_seq + 1
}
