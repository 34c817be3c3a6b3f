import { parseIsoMicros } from '@pulsehouse/events'
import type { Log } from './log.js'
import type { RowPosition } from '../parameters/cursor.js'

/** Which log it is: the place of its line in the queue. */
export interface LogIdentity {
  /** When the stream was made, seconds since 1970. */
  streamCreatedSeconds: number
  streamSeq: number
  eventIndex: number
}

/** Numbers without leading zeros, so that a log has one id only; the stream's numbers stay exact up to 15 digits. */
export const logIdPattern = /^(0|[1-9]\d{0,9})-(0|[1-9]\d{0,14})-(0|[1-9]\d{0,8})$/

/** Reads the id of a log; undefined for text that is none. */
export function parseLogId(id: string): LogIdentity | undefined {
  const match = logIdPattern.exec(id)
  if (match === null) return undefined
  const [streamCreatedSeconds = 0, streamSeq = 0, eventIndex = 0] = match.slice(1).map(Number)
  return { streamCreatedSeconds, streamSeq, eventIndex }
}

/** Where a log stands in the order of the list. @throws when it is no log as the API shows it. */
export function positionOf({ id, timestamp }: Pick<Log, 'id' | 'timestamp'>): RowPosition {
  const identity = parseLogId(id)
  const timestampMicros = parseIsoMicros(timestamp)
  if (identity === undefined || timestampMicros === undefined) {
    throw new Error(`The log ${id} has no place in the order.`)
  }
  return { timestampMicros, ...identity }
}
