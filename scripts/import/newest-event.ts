import { decodeLine, splitLines, type WireFormat } from '@pulsehouse/events'
import type { Input } from './input.js'
import { lineChunks } from './line-chunks.js'

/** Time of the newest event of the inputs, microseconds since 1970; undefined where no line is an event. */
export async function newestEventMicros(
  inputs: readonly Input[],
  format: WireFormat,
): Promise<number | undefined> {
  let newest: number | undefined
  const context = { receivedAtMicros: Date.now() * 1000, timeShiftMicros: 0 }
  for (const input of inputs) {
    for await (const { payload } of lineChunks(input.read(() => undefined))) {
      for (const line of splitLines(payload)) {
        const decoded = decodeLine(format, line, context)
        if (decoded.ok) newest = Math.max(newest ?? 0, decoded.event.timestamp)
      }
    }
  }
  return newest
}
