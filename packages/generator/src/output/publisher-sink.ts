import { limits } from '@pulsehouse/events'
import { openPublishWindow, type Publisher } from '@pulsehouse/platform'
import type { ChunkSink } from './chunk-sink.js'

/** What the queue has to know of a producer's chunks. */
export interface PublisherSinkOptions {
  /** Makes the chunks' ids unique among all runs. */
  runId: string
  contentType: string
  /** How many chunks may be on their way without an acknowledgement. */
  unacknowledgedMax: number
}

/** Publishes chunks to the queue, several at a time; a chunk has arrived when the queue has stored it. */
export function publisherSink(
  publisher: Pick<Publisher, 'publish'>,
  options: PublisherSinkOptions,
): ChunkSink {
  const { runId, contentType, unacknowledgedMax } = options
  const window = openPublishWindow(unacknowledgedMax)
  // Memory of chunks that have arrived is filled again: memory that is new for every chunk counts against the heap, and
  // at high rates the whole heap, visits and all, would be searched for garbage every second.
  const spare: Uint8Array[] = []
  const publish = async (number: number, payload: Uint8Array): Promise<void> => {
    const memory = spare.pop() ?? new Uint8Array(limits.chunkBytesMax)
    memory.set(payload)
    await publisher.publish(memory.subarray(0, payload.length), { id: `${runId}-${number}`, contentType })
    spare.push(memory)
  }
  return {
    write: ({ number, payload }) => window.add(publish(number, payload)),
    settle: () => window.settle(),
  }
}
