import { isDeepStrictEqual } from 'node:util'
import {
  decodeChunkLine,
  decodeLine,
  formatMicros,
  formats,
  type LogEvent,
  type RejectionReason,
} from '@pulsehouse/events'
import { isCut, positionOf, type RejectedRow } from './rejected-row.js'

/** Name of the attribute by which an event says which rejected line it was. */
export const replayedFrom = 'replayed_from'

const attributesStart = '{"attributes":{'

/** How every line begins that is sent through again, so that one that is refused again is known, too. */
export const replayLineStart = `${attributesStart}"${replayedFrom}":"`

/** What becomes of a rejected event that is to be replayed. */
export type ReplayLine =
  | { fate: 'sent'; position: string; line: string }
  /** Nobody knows what the rest of the line said. */
  | { fate: 'cut' }
  /** The decoder refuses it still. */
  | { fate: 'refused'; reason: RejectionReason }

/**
 * Reads a rejected line with the decoder of today, as of when it arrived, and writes the event that comes out as NDJSON:
 * so it keeps its time, whatever its format was, and carries where it came from.
 */
export function replayLineOf(row: RejectedRow): ReplayLine {
  if (isCut(row)) return { fate: 'cut' }
  const context = { receivedAtMicros: row.receivedAtMicros, timeShiftMicros: 0 }
  const decoded = decodeChunkLine({ ...context, contentType: row.contentType || undefined }, row.payload)
  if (!decoded.ok) return { fate: 'refused', reason: decoded.reason }
  const position = positionOf(row)
  const event = marked(decoded.event, position)
  const line = lineOf(event)
  const again = decodeLine(formats.json, line, context)
  // The mark may be one attribute too many; a refusal here is better than one by the ingester, who would write it down.
  if (!again.ok) return { fate: 'refused', reason: again.reason }
  return isDeepStrictEqual(known(again.event), known(event))
    ? { fate: 'sent', position, line }
    : { fate: 'refused', reason: 'invalid_field' }
}

/** The event with its mark, which replaces that of an earlier replay. */
function marked(event: LogEvent, position: string): LogEvent {
  return { ...event, attributes: { ...event.attributes, [replayedFrom]: position } }
}

/** The mark stands first, where it is found in a payload that was cut; JavaScript would put numbers before it. */
function lineOf({ attributes, timestamp, ...fields }: LogEvent): string {
  const { [replayedFrom]: mark, ...others } = attributes
  const rest = JSON.stringify({ attributes: others, timestamp: formatMicros(timestamp), ...fields })
  const comma = Object.keys(others).length > 0 ? ',' : ''
  return `${replayLineStart}${mark}"${comma}${rest.slice(attributesStart.length)}`
}

/** The fields that an event really has. */
function known(event: LogEvent): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined))
}
