import { setTimeout as delay } from 'node:timers/promises'
import type { Protection } from '@pulsehouse/events'
import type { Chunk } from '@pulsehouse/platform'
import { Batch, receivedDayOf } from './batch.js'

/** When a batch is full. */
export interface BatchLimits {
  rowsMax: number
  /** Bytes of the chunks. */
  bytesMax: number
  /** How long the first chunk waits for others, milliseconds. */
  ageMaxMs: number
}

/** What a batch needs to know that does not stand in its chunks. */
export interface BatchContext {
  streamCreatedSeconds: number
  protection: Protection
}

/**
 * Groups the chunks of a reading into batches. A batch ends with the first limit that it reaches, or with the day; it
 * knows neither the queue nor the database.
 */
export async function* batches(
  chunks: AsyncIterable<Chunk>,
  limits: BatchLimits,
  context: BatchContext,
): AsyncGenerator<Batch> {
  const iterator = chunks[Symbol.asyncIterator]()
  let batch: Batch | undefined
  let deadline: Promise<undefined> | undefined
  let next = iterator.next()
  for (;;) {
    const result = await (batch === undefined ? next : Promise.race([next, deadline]))
    if (result === undefined) {
      if (batch !== undefined) yield batch
      batch = undefined
      continue
    }
    if (result.done === true) break
    if (batch !== undefined && batch.receivedDay !== receivedDayOf(result.value)) {
      yield batch
      batch = undefined
    }
    if (batch === undefined) {
      batch = new Batch(result.value, context.streamCreatedSeconds, context.protection)
      deadline = delay(limits.ageMaxMs, undefined, { ref: false })
    } else {
      batch.add(result.value)
    }
    if (isFull(batch, limits)) {
      yield batch
      batch = undefined
    }
    next = iterator.next()
  }
  if (batch !== undefined) yield batch
}

function isFull(batch: Batch, limits: BatchLimits): boolean {
  return batch.accepted >= limits.rowsMax || batch.payloadBytes >= limits.bytesMax
}
