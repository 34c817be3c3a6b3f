import { parseIsoMicros } from '@pulsehouse/events'
import type { RowPosition } from '../parameters/cursor.js'
import type { FoundSession } from './search-sessions.js'

const half = 2n ** 32n

/** Where a session stands in the order of the list: its start, and the hash of its id in two halves. */
export function sessionPosition({ id, started, tie }: FoundSession): RowPosition {
  const timestampMicros = parseIsoMicros(started)
  if (timestampMicros === undefined || tie === undefined) {
    throw new Error(`The session ${id} has no place in the order.`)
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
export function afterSession(after: RowPosition): { after_micros: number; after_tie: string } {
  const tie = BigInt(after.streamCreatedSeconds) * half + BigInt(after.eventIndex)
  return { after_micros: after.timestampMicros, after_tie: String(tie) }
}
