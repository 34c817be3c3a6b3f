import type { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { ChunkSink } from './chunk-sink.js'

/** Writes chunks to a stream such as standard output, at the reader's pace; the next one is made meanwhile. */
export function streamSink(stream: Writable): ChunkSink {
  // A broken pipe is told twice: to the write's callback, which counts, and as an event, which must have a listener.
  stream.on('error', () => undefined)
  let underWay: Promise<Error | undefined> = Promise.resolve(undefined)
  const settle = async (): Promise<void> => {
    const error = await underWay
    if (error !== undefined) throw error
  }
  return {
    write: async ({ payload }) => {
      await settle()
      underWay = new Promise((resolve) => {
        stream.write(payload, (error) => resolve(error ?? undefined))
      })
      // A reader that keeps up never makes us wait, but signals have to get a turn.
      await setImmediate()
    },
    settle,
  }
}
