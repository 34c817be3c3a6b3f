import type { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { ChunkSink } from './chunk-sink.js'

/** Writes chunks to a stream such as standard output, at the reader's pace. */
export function streamSink(stream: Writable): ChunkSink {
  // A broken pipe is told twice: to the write's callback, which counts, and as an event, which must have a listener.
  stream.on('error', () => undefined)
  return {
    write: async ({ payload }) => {
      await new Promise<void>((resolve, reject) => {
        stream.write(payload, (error) => (error ? reject(error) : resolve()))
      })
      // Writing to a pipe never leaves the process's turn: signals have to get one.
      await setImmediate()
    },
    settle: () => Promise.resolve(),
  }
}
