import { createHash } from 'node:crypto'
import { limits } from '@pulsehouse/events'
import type { ReplayLine } from './replay-line.js'

/** Lines that go into the queue together. */
export interface ReplayChunk {
  /** The same for the same lines. */
  id: string
  payload: Buffer
  positions: string[]
}

type SentLine = Extract<ReplayLine, { fate: 'sent' }>

/** Packs lines into chunks within the limits of the queue. */
export function replayChunks(lines: readonly SentLine[]): ReplayChunk[] {
  const groups: SentLine[][] = []
  let bytes = Infinity
  for (const line of lines) {
    const lineBytes = Buffer.byteLength(line.line) + 1
    const open = groups.at(-1)
    if (
      open === undefined ||
      open.length === limits.chunkEventsMax ||
      bytes + lineBytes > limits.chunkBytesMax
    ) {
      groups.push([line])
      bytes = lineBytes
    } else {
      open.push(line)
      bytes += lineBytes
    }
  }
  return groups.map(chunkOf)
}

function chunkOf(lines: readonly SentLine[]): ReplayChunk {
  const positions = lines.map(({ position }) => position)
  return {
    id: `replay-${createHash('sha256').update(positions.join(' ')).digest('base64url')}`,
    payload: Buffer.from(lines.map(({ line }) => `${line}\n`).join('')),
    positions,
  }
}
