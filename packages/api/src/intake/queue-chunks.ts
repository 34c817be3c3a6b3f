import { createHash, randomUUID } from 'node:crypto'
import { formats } from '@pulsehouse/events'
import { openPublishWindow, QueueUnavailable, type Publisher } from '@pulsehouse/platform'
import { Problem } from '../http/problem.js'
import type { PackedChunk } from './pack-chunks.js'
import type { IntakeLimits } from './limits.js'

/** Whose chunks they are, where a retry shall not be doubled. */
export interface Retry {
  /** Id of the API key. */
  caller: string
  idempotencyKey: string
}

/**
 * Puts all chunks of a body into the queue.
 *
 * @throws {Problem} unavailable when it does not have all of them in time, saying how many it has for sure.
 */
export async function queueChunks(
  publisher: Publisher,
  chunks: readonly PackedChunk[],
  retry: Retry | undefined,
  limits: IntakeLimits,
): Promise<void> {
  const giveUpAtMs = Date.now() + limits.publishTimeMs
  const window = openPublishWindow(limits.unacknowledgedMax)
  const run = randomUUID()
  const queued = { chunks: 0, events: 0 }
  const { contentType } = formats.json
  const publish = async ({ payload, events }: PackedChunk, number: number): Promise<void> => {
    const id = retry === undefined ? `http-${run}-${number}` : idOf(retry, number, payload)
    await publisher.publish(payload, { id, contentType }, giveUpAtMs)
    queued.chunks += 1
    queued.events += events
  }
  try {
    for (const [number, chunk] of chunks.entries()) await window.add(publish(chunk, number))
    await window.settle()
  } catch (error) {
    // The others get their answer too, so that what is told of them is true.
    await window.settle().catch(() => undefined)
    throw explain(error, queued, chunks.length)
  }
}

/** A body may hold the same chunk twice; its number tells them apart. */
function idOf({ caller, idempotencyKey }: Retry, number: number, payload: Buffer): string {
  const head = JSON.stringify([caller, idempotencyKey, number])
  return `http-${createHash('sha256').update(head).update(payload).digest('base64url')}`
}

function explain(error: unknown, queued: { chunks: number; events: number }, all: number): unknown {
  if (!(error instanceof QueueUnavailable)) return error
  const detail =
    `The queue has ${queued.chunks} of the ${all} chunks for sure (${queued.events} events), and not the others in time: ` +
    `${error.message}. Send the same body with the same Idempotency-Key again, and nothing is doubled.`
  return new Problem('unavailable', detail, {
    cause: error,
    extra: { queued_chunks: queued.chunks, queued_events: queued.events },
    headers: { 'Retry-After': '5' },
  })
}
