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

/** With more chunks than that still to be read, a batch is filled: a row of a large insert costs half of what one of a small one does. */
const behindChunks = 64
/** How often it is looked whether the batch before is inserted, milliseconds. */
const busyPollMs = 10

/**
 * Makes batches of the chunks of a reading; it knows neither the queue nor the database. A batch ends with the first limit
 * of size that it reaches, with the day, or when it is old enough, the one before is inserted and nothing waits to be read: so
 * batches grow with the lag.
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
  let due: Due | undefined
  let isBehind = false
  let next = iterator.next()
  const finish = async (full: OpenBatch): Promise<Batch> => {
    due?.cancel()
    batch = due = undefined
    return await full.finish()
  }
  for (;;) {
    const result = await (due === undefined ? next : due.orBefore(next))
    if (result === undefined) {
      if (batch !== undefined) yield await finish(batch)
      continue
    }
    if (result.done === true) break
    if (batch?.isOfAnotherDay(result.value) === true) yield await finish(batch)
    if (batch === undefined) {
      batch = open()
      due = new Due(limits.ageMaxMs, () => isBusy() || isBehind)
    }
    isBehind = result.value.pending > behindChunks
    await batch.add(result.value)
    if (batch.lines >= limits.rowsMax || batch.bytes >= limits.bytesMax) yield await finish(batch)
    next = iterator.next()
  }
  if (batch !== undefined) yield await finish(batch)
}

/**
 * The moment in which a batch is due. It is no promise that is raced: `Promise.race` hangs each result on the promise that is still open,
 * so that a batch kept all its chunks as they came.
 */
class Due {
  #isOver = false
  #tell: () => void = () => undefined

  /** @param mayGrow whether the batch may grow although it is old enough. */
  constructor(ageMaxMs: number, mayGrow: () => boolean) {
    void this.#wait(ageMaxMs, mayGrow)
  }

  async #wait(ageMaxMs: number, mayGrow: () => boolean): Promise<void> {
    await delay(ageMaxMs, undefined, { ref: false })
    while (!this.#isOver && mayGrow()) await delay(busyPollMs, undefined, { ref: false })
    this.cancel()
    this.#tell()
  }

  /** What comes first: the value, or undefined when the batch is due. */
  async orBefore<T>(value: Promise<T>): Promise<T | undefined> {
    if (this.#isOver) return undefined
    return await new Promise((resolve, reject) => {
      this.#tell = () => resolve(undefined)
      value.then(resolve, reject)
    })
  }

  /** The batch has ended otherwise. */
  cancel(): void {
    this.#isOver = true
  }
}
