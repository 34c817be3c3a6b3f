import type { Decoded, LineContext } from './decoded.js'
import { decodeLine, formatOf } from './formats.js'

/** What a line's chunk says of it: when it came, what moves its time, and what it is written in. */
export interface ChunkContext extends LineContext {
  contentType: string | undefined
}

/**
 * Decodes a line of a chunk in the format that the chunk names. The ingester and the live tail both read a chunk by
 * this, so that what is seen live is what is stored.
 */
export function decodeChunkLine(chunk: ChunkContext, line: string): Decoded {
  const format = formatOf(chunk.contentType)
  if (format === undefined) {
    return {
      ok: false,
      reason: 'unknown_format',
      detail: `nobody knows the content type "${chunk.contentType}"`,
    }
  }
  return decodeLine(format, line, chunk)
}
