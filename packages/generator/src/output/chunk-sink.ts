import type { Chunk } from './chunk-builder.js'

/** Where chunks go. */
export interface ChunkSink {
  /**
   * Resolves when there is room for the next chunk. A sink that needs a payload after it was given the next chunk
   * copies it. @throws when this chunk or one before it could not be delivered.
   */
  write: (chunk: Chunk) => Promise<void>
  /** Resolves when every chunk has arrived. @throws when one could not be delivered. */
  settle: () => Promise<void>
}
