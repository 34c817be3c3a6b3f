import { setImmediate } from 'node:timers/promises'
import { decodeLine, formats, type LineContext, type RejectionReason } from '@pulsehouse/events'

/** An event that was not taken, and why. */
export interface Refusal {
  /** Which one it was, from 1: the line, or the member of the array. */
  line: number
  reason: RejectionReason
  /** A sentence for whoever has to mend the sender. */
  detail: string
}

/** What the check of some lines has found. */
export interface CheckedLines {
  accepted: string[]
  /** The first refusals. */
  refused: Refusal[]
  refusedCount: number
}

/** Other requests get a turn after so many lines. */
const linesPerTurn = 500

/**
 * Tells events from what is none, by the decoder by which the ingester will read them.
 *
 * @param nowMicros when the lines came, microseconds since 1970.
 * @param refusedMax refusals that are listed.
 */
export async function checkLines(
  lines: readonly string[],
  nowMicros: number,
  refusedMax: number,
): Promise<CheckedLines> {
  const context: LineContext = { receivedAtMicros: nowMicros, timeShiftMicros: 0 }
  const checked: CheckedLines = { accepted: [], refused: [], refusedCount: 0 }
  for (const [index, line] of lines.entries()) {
    if (index % linesPerTurn === linesPerTurn - 1) await setImmediate()
    const decoded = decodeLine(formats.json, line, context)
    if (decoded.ok) {
      checked.accepted.push(line)
      continue
    }
    const { reason, detail } = decoded
    checked.refusedCount += 1
    if (checked.refused.length < refusedMax) checked.refused.push({ line: index + 1, reason, detail })
  }
  return checked
}
