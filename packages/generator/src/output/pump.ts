import type { ChunkBuilder } from './chunk-builder.js'
import type { ChunkSink } from './chunk-sink.js'
import type { Pace } from './pace.js'
import type { EventSource } from '../traffic/traffic.js'

/** What is pumped from where to where, and until when. */
export interface PumpParts {
  traffic: EventSource
  chunks: ChunkBuilder
  sink: ChunkSink
  pace: Pace
  /** Stops after so many events. */
  eventsMax: number
  /** Stops before the first event after this moment, in microseconds since 1970. */
  untilUs: number
  /** Stops when it is aborted; what was drawn is still written. */
  signal: AbortSignal
  /** Told when the shop stood still because the sink or the machine could not keep up. */
  onStandstill: (lengthMs: number) => void
}

/** Behind by more than this, in microseconds, the pump skips time instead of catching up. */
const behindMaxUs = 5_000_000

/** Draws events as they become due and writes them in chunks; resolves when every chunk has arrived. */
export async function pump(parts: PumpParts): Promise<void> {
  const { traffic, chunks, sink, pace, eventsMax, untilUs, signal } = parts
  const flush = async (): Promise<void> => {
    if (chunks.events > 0) await sink.write(chunks.take())
  }
  for (let drawn = 0; drawn < eventsMax && !signal.aborted && traffic.nextAtUs <= untilUs;) {
    if (traffic.nextAtUs > pace.dueUs) {
      await flush()
      await pace.wait()
      skipStandstill(parts)
      continue
    }
    chunks.add(traffic.next())
    drawn += 1
    if (chunks.isFull) await flush()
  }
  await flush()
  await sink.settle()
}

/** A producer that could not send does not make up for the lost time: its visitors could not click either. */
function skipStandstill({ traffic, pace, onStandstill }: PumpParts): void {
  const behindUs = pace.dueUs - traffic.nextAtUs
  if (behindUs <= behindMaxUs || pace.dueUs === Infinity) return
  traffic.skipTo(pace.dueUs)
  onStandstill(Math.round(behindUs / 1_000))
}
