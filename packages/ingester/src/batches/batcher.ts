import { setTimeout as delay } from 'node:timers/promises'
import type { Chunk } from '@pulsehouse/platform'
import type { Batch } from './batch.js'
import type { OpenBatch } from './open-batch.js'

/** When a batch is full. */
export interface BatchLimits {
  rowsMax: number
  /** Bytes of the chunks. */
  bytesMax: number
  /** How long the first chunk waits for others, milliseconds. */
  ageMaxMs: number
}

/** How often it is looked whether the batch before is inserted, milliseconds. */
const busyPollMs = 10

/**
 * Makes batches of the chunks of a reading; it knows neither the queue nor the database. A batch ends with the first limit
 * of size that it reaches, with the day, or when it is old enough and the one before is inserted: so batches grow with the lag.
 *
 * @param open begins a batch.
 * @param isBusy whether the batch before is still being inserted.
 */
export async function* makeBatches(
  chunks: AsyncIterable<Chunk>,
  limits: BatchLimits,
  open: () => OpenBatch,
  isBusy: () => boolean,
): AsyncGenerator<Batch> {
  const iterator = chunks[Symbol.asyncIterator]()
  let batch: OpenBatch | undefined
  let due: Promise<undefined> | undefined
  let next = iterator.next()
  for (;;) {
    const result = await (batch === undefined ? next : Promise.race([next, due]))
    if (result === undefined) {
      if (batch !== undefined) yield await batch.finish()
      batch = undefined
      continue
    }
    if (result.done === true) break
    if (batch?.isOfAnotherDay(result.value) === true) {
      yield await batch.finish()
      batch = undefined
    }
    if (batch === undefined) {
      batch = open()
      due = isDue(limits.ageMaxMs, isBusy)
    }
    await batch.add(result.value)
    if (batch.lines >= limits.rowsMax || batch.bytes >= limits.bytesMax) {
      yield await batch.finish()
      batch = undefined
    }
    next = iterator.next()
  }
  if (batch !== undefined) yield await batch.finish()
}

async function isDue(ageMaxMs: number, isBusy: () => boolean): Promise<undefined> {
  await delay(ageMaxMs, undefined, { ref: false })
  while (isBusy()) await delay(busyPollMs, undefined, { ref: false })
}
