import { headers } from 'nats'
import { setTimeout as delay } from 'node:timers/promises'
import type { NatsLink } from './connection.js'

/** A message outside of the queue of events. */
export interface OutgoingMessage {
  subject: string
  payload: string
  headers: Readonly<Record<string, string>>
}

/**
 * Publishes one message to whoever listens now, and to a stream where somebody has made one for its subject.
 *
 * @returns when the server has it.
 * @throws when it is not certain within the time, in milliseconds, that the server has it.
 */
export async function publishMessage(
  nats: NatsLink,
  message: OutgoingMessage,
  timeoutMs: number,
): Promise<void> {
  const head = headers()
  for (const [name, value] of Object.entries(message.headers)) head.set(name, value)
  // A server that is away is noticed first: the client would keep the message and send it much later, beside the retry.
  await within(nats.connection.flush(), timeoutMs)
  nats.connection.publish(message.subject, message.payload, { headers: head })
  await within(nats.connection.flush(), timeoutMs)
}

async function within(answer: Promise<void>, timeoutMs: number): Promise<void> {
  const lateness = new AbortController()
  const late = delay(timeoutMs, undefined, { signal: lateness.signal }).then(() => {
    throw new Error(`the NATS server did not answer within ${timeoutMs} ms`)
  })
  try {
    await Promise.race([answer, late])
  } finally {
    lateness.abort()
    late.catch(() => undefined)
  }
}
