import { decodeChunkLine, splitLines, type Protection } from '@pulsehouse/events'
import type { Chunk } from '@pulsehouse/platform'
import { storedLogOf } from './stored-log.js'
import { TailEvent } from './tail-event.js'

/** Decodes and protects a chunk as the ingester does. Lines that are no event are passed over, but they have an index. */
export function decodeChunk(chunk: Chunk, streamCreatedSeconds: number, protection: Protection): TailEvent[] {
  const events: TailEvent[] = []
  for (const [index, line] of splitLines(chunk.payload).entries()) {
    const decoded = decodeChunkLine(chunk, line)
    if (!decoded.ok) continue
    const event = protection.event(decoded.event)
    events.push(new TailEvent(storedLogOf(event, chunk, streamCreatedSeconds, index)))
  }
  return events
}
