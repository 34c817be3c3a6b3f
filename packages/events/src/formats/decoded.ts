import { violationOf } from '../event-check.js'
import type { Level, LogEvent } from '../event.js'
import { limits } from '../limits.js'

/** Why a line did not become an event. The list is closed: dashboards and alerts group by it. */
export const rejectionReasons = [
  'empty',
  'too_long',
  'unknown_format',
  'invalid_json',
  'invalid_line',
  'invalid_field',
  'timestamp_out_of_range',
  'too_many_attributes',
] as const

/** Why a line did not become an event. */
export type RejectionReason = (typeof rejectionReasons)[number]

/** A line that is no event: the reason, and a sentence for whoever has to mend the producer. */
export interface Rejection {
  ok: false
  reason: RejectionReason
  detail: string
}

/** What a decoder makes of a line. */
export type Decoded = { ok: true; event: LogEvent } | Rejection

/** What a decoder knows of a line beside its text. */
export interface LineContext {
  /** When the queue took the line's chunk, microseconds since 1970; the time of events that have none. */
  receivedAtMicros: number
  /** Added to every event's own time, microseconds: an import may move history to now. */
  timeShiftMicros: number
}

/** One wire format. A decoder never throws and never looks at the clock: the same line gives the same event. */
export interface WireFormat {
  name: string
  /** What the `Content-Type` header of a chunk in this format says. */
  contentType: string
  decode(line: string, context: LineContext): Decoded
}

/** A rejection in short. */
export function rejected(reason: RejectionReason, detail: string): Rejection {
  return { ok: false, reason, detail }
}

/** Fields of an event as a decoder found them: their types are still unproven. */
export type FoundFields = Record<string, unknown> & { timestamp?: number | undefined }

/**
 * Ends every decoder: moves the time, checks it against the limits, and proves the fields by the schema.
 * A field that was found as undefined counts as absent.
 */
export function toEvent(found: FoundFields, context: LineContext): Decoded {
  const own = found.timestamp
  if (Number.isNaN(own)) {
    return rejected('invalid_field', 'timestamp: expected ISO 8601, or a number since 1970')
  }
  found.timestamp = own === undefined ? context.receivedAtMicros : own + context.timeShiftMicros
  const latest = context.receivedAtMicros + limits.futureMaxMicros
  if (found.timestamp > latest || found.timestamp < limits.timestampMinMicros) {
    return rejected('timestamp_out_of_range', 'timestamp must lie between 1990 and a day after its arrival')
  }
  const violation = violationOf(found)
  return violation === undefined
    ? { ok: true, event: found as LogEvent }
    : rejected('invalid_field', violation)
}

/** The level that an outcome has where the line names none; the catalog's rule, completed for the other statuses. */
export function levelOfStatus(status: number | undefined): Level {
  if (status === undefined || status < 400) return 'INFO'
  return status === 401 || status >= 500 ? 'ERROR' : 'WARN'
}
