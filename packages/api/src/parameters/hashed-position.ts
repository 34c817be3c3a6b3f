import { parseIsoMicros } from '@pulsehouse/events'
import type { RowPosition } from './cursor.js'

const half = 2n ** 32n

/** A row of a list that is ordered by its start, and among those of the same start by the hash of its id. */
export interface HashedRow {
  id: string | null
  started: string
  /** The hash, a number of 64 bits in digits. */
  tie?: string | undefined
}

/** Where a row stands in the order of such a list: its start, and the hash of its id in two halves. */
export function hashedPosition({ id, started, tie }: HashedRow): RowPosition {
  const timestampMicros = parseIsoMicros(started)
  if (timestampMicros === undefined || tie === undefined) {
    throw new Error(`The row ${id} has no place in the order.`)
  }
  const hash = BigInt(tie)
  return {
    timestampMicros,
    streamCreatedSeconds: Number(hash / half),
    streamSeq: 0,
    eventIndex: Number(hash % half),
  }
}

/** What the search takes to go on behind a position. */
export function afterHashed(after: RowPosition): { after_micros: number; after_tie: string } {
  const tie = BigInt(after.streamCreatedSeconds) * half + BigInt(after.eventIndex)
  return { after_micros: after.timestampMicros, after_tie: String(tie) }
}
