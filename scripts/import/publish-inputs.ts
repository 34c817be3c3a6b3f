import { randomUUID } from 'node:crypto'
import type { WireFormat } from '@pulsehouse/events'
import { openPublishWindow, type Publisher } from '@pulsehouse/platform'
import type { Input } from './input.js'
import { lineChunks } from './line-chunks.js'
import type { PublishedChunk } from './outcome.js'
import type { Progress } from './progress.js'

/** What was put into the queue. */
export interface Published {
  chunks: PublishedChunk[]
  lines: number
  bytes: number
}

/** Chunks that may be on their way without an answer: what bounds the memory. */
const windowMax = 16

/**
 * Publishes every line of the inputs, in order.
 *
 * @param timeShiftMicros added to every event's time.
 */
export async function publishInputs(
  publisher: Publisher,
  inputs: readonly Input[],
  format: WireFormat,
  timeShiftMicros: number,
  progress: Progress,
): Promise<Published> {
  const run = randomUUID()
  const published: Published = { chunks: [], lines: 0, bytes: 0 }
  const window = openPublishWindow(windowMax)
  let number = 0
  for (const input of inputs) {
    let firstLine = 1
    let readBytes = 0
    for await (const { payload, lines } of lineChunks(input.read((bytes) => (readBytes += bytes)))) {
      const place = { file: input.name, firstLine }
      const head = { id: `import-${run}-${number}`, contentType: format.contentType, timeShiftMicros }
      const send = async (): Promise<void> => {
        const seq = await publisher.publish(payload, head)
        published.chunks.push({ seq, ...place })
        published.lines += lines
        published.bytes += payload.length
        progress.show(input.name, readBytes, input.sizeBytes, published.lines)
      }
      await window.add(send())
      firstLine += lines
      number += 1
    }
  }
  await window.settle()
  return published
}
