/**
 * Splits a chunk into its lines. A newline ends a line, so the last one is not followed by an empty line; a chunk
 * without a byte is one empty line, because every message of the queue must have a fate. Bytes that are no UTF-8
 * become U+FFFD.
 */
export function splitLines(chunk: Uint8Array): string[] {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8')
  const lines = text.split('\n')
  if (lines.length > 1 && lines.at(-1) === '') lines.pop()
  return lines
}
