import { createHash } from 'node:crypto'
import { parseIsoMicros } from '@pulsehouse/events'
import type { RowPosition } from '../parameters/cursor.js'
import type { Session } from './session-selection.js'

/** Where a session stands in the order of the list: its start, and the hash of its id in two halves. */
export function sessionPosition({ id, started }: Session): RowPosition {
  const timestampMicros = parseIsoMicros(started)
  if (timestampMicros === undefined) throw new Error(`The session ${id} has no place in the order.`)
  const hash = createHash('md5').update(id).digest()
  return {
    timestampMicros,
    streamCreatedSeconds: hash.readUInt32BE(0),
    streamSeq: 0,
    eventIndex: hash.readUInt32BE(4),
  }
}

/** What the search takes to go on behind a position. */
export function afterSession(after: RowPosition): { after_micros: number; after_tie: string } {
  const tie = BigInt(after.streamCreatedSeconds) * 2n ** 32n + BigInt(after.eventIndex)
  return { after_micros: after.timestampMicros, after_tie: String(tie) }
}
