import { setTimeout as delay } from 'node:timers/promises'
import type { Chunk } from '@pulsehouse/platform'
import { ChunkGatherer, type ChunkGroup } from './chunk-group.js'

/** When a batch is full. */
export interface BatchLimits {
  rowsMax: number
  /** Bytes of the chunks. */
  bytesMax: number
  /** How long the first chunk waits for others, milliseconds. */
  ageMaxMs: number
}

/** A message of the queue is no larger than this, bytes; a group may go over its limit by one. */
const chunkBytesMax = 1024 * 1024

/**
 * Groups the chunks of a reading for batches. A group ends with the first limit that it reaches, or with the day; it
 * knows neither the queue nor the database. Behind a lag the limits of size are reached long before that of age, so
 * batches grow with the lag by themselves.
 *
 * @param memory gives memory for a group's bytes; used memory may be given again.
 */
export async function* chunkGroups(
  chunks: AsyncIterable<Chunk>,
  limits: BatchLimits,
  memory: (bytes: number) => Uint8Array<ArrayBuffer>,
): AsyncGenerator<ChunkGroup> {
  const iterator = chunks[Symbol.asyncIterator]()
  let gatherer: ChunkGatherer | undefined
  let deadline: Promise<undefined> | undefined
  let next = iterator.next()
  for (;;) {
    const result = await (gatherer === undefined ? next : Promise.race([next, deadline]))
    if (result === undefined) {
      if (gatherer !== undefined) yield gatherer.group()
      gatherer = undefined
      continue
    }
    if (result.done === true) break
    if (gatherer?.isOfAnotherDay(result.value) === true) {
      yield gatherer.group()
      gatherer = undefined
    }
    if (gatherer === undefined) {
      gatherer = new ChunkGatherer(memory(limits.bytesMax + chunkBytesMax))
      deadline = delay(limits.ageMaxMs, undefined, { ref: false })
    }
    gatherer.add(result.value)
    if (gatherer.lines >= limits.rowsMax || gatherer.length >= limits.bytesMax) {
      yield gatherer.group()
      gatherer = undefined
    }
    next = iterator.next()
  }
  if (gatherer !== undefined) yield gatherer.group()
}
