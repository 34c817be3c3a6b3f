import type { Publisher } from '@pulsehouse/platform'
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
  const underWay = new Set<Promise<void>>()
  let failure: { error: unknown } | undefined
  const throwFailure = (): void => {
    if (failure !== undefined) throw failure.error
  }
  const publish = async (number: number, payload: Uint8Array): Promise<void> => {
    try {
      await publisher.publish(payload, { id: `${runId}-${number}`, contentType })
    } catch (error) {
      failure ??= { error }
    }
  }
  return {
    write: async ({ number, payload }) => {
      const publishing = publish(number, Uint8Array.from(payload)).finally(() => underWay.delete(publishing))
      underWay.add(publishing)
      while (underWay.size >= unacknowledgedMax) await Promise.race(underWay)
      throwFailure()
    },
    settle: async () => {
      await Promise.all(underWay)
      throwFailure()
    },
  }
}
