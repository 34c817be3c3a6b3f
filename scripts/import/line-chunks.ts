import { limits } from '@pulsehouse/events'

/** A chunk of whole lines, as it goes into the queue. */
export interface LineChunk {
  payload: Buffer
  lines: number
}

const newline = 0x0a

/**
 * Cuts a stream of bytes into chunks of whole lines within the limits of the queue. A line that is longer than an
 * event may be is cut one byte over the limit: long enough for the ingester to reject it as too long, and no more
 * is ever held in memory.
 */
export async function* lineChunks(source: AsyncIterable<Buffer>): AsyncGenerator<LineChunk> {
  let lines: Buffer[] = []
  let bytes = 0
  const flush = (): LineChunk => {
    const chunk = { payload: Buffer.concat(lines), lines: lines.length }
    lines = []
    bytes = 0
    return chunk
  }
  for await (const line of splitLines(source)) {
    const full = lines.length === limits.chunkEventsMax || bytes + line.length > limits.chunkBytesMax
    if (full && lines.length > 0) yield flush()
    lines.push(line)
    bytes += line.length
  }
  if (lines.length > 0) yield flush()
}

/** Lines with their newline; the last one gets one where the file has none. */
async function* splitLines(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let open: Buffer[] = []
  let openBytes = 0
  const extend = (part: Buffer): void => {
    const room = limits.lineBytesMax + 1 - openBytes
    if (room <= 0) return
    open.push(part.subarray(0, room))
    openBytes += Math.min(part.length, room)
  }
  const close = (): Buffer => {
    const line = Buffer.concat([...open, Buffer.from('\n')])
    open = []
    openBytes = 0
    return line
  }
  for await (const part of source) {
    let start = 0
    for (let end = part.indexOf(newline); end !== -1; end = part.indexOf(newline, start)) {
      extend(part.subarray(start, end))
      yield close()
      start = end + 1
    }
    if (start < part.length) extend(part.subarray(start))
  }
  if (openBytes > 0) yield close()
}
