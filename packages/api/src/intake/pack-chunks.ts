import { limits } from '@pulsehouse/events'

/** Some lines as they go into the queue. */
export interface PackedChunk {
  payload: Buffer
  events: number
}

/** Packs lines into chunks within the limits of the queue. The same lines always give the same chunks. */
export function packChunks(lines: readonly string[]): PackedChunk[] {
  const chunks: PackedChunk[] = []
  let open: Buffer[] = []
  let bytes = 0
  const close = (): void => {
    if (open.length > 0) chunks.push({ payload: Buffer.concat(open), events: open.length })
    open = []
    bytes = 0
  }
  for (const text of lines) {
    const line = Buffer.from(`${text}\n`)
    if (open.length === limits.chunkEventsMax || bytes + line.length > limits.chunkBytesMax) close()
    open.push(line)
    bytes += line.length
  }
  close()
  return chunks
}
