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
  const publish = async (number: number, payload: Uint8Array): Promise<void> => {
    await publisher.publish(payload, { id: `${runId}-${number}`, contentType })
  }
  return {
    write: ({ number, payload }) => window.add(publish(number, Uint8Array.from(payload))),
    settle: () => window.settle(),
  }
}
