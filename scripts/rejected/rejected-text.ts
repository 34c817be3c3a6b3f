import { formatMicros } from '@pulsehouse/events'
import type { ReasonCount } from './rejected-queries.js'
import { isCut, type RejectedRow } from './rejected-row.js'
import type { ReplayOutcome } from './replay.js'

/** Characters of a payload that a list shows. */
const shownCharsMax = 200
const integers = new Intl.NumberFormat('en')

/** Rejected events for people: counts by reason, then one after the other. */
export function listText(counts: readonly ReasonCount[], rows: readonly RejectedRow[]): string {
  if (counts.length === 0) return 'No rejected events.\n'
  const head = ['reason', 'open', 'replayed', 'cut']
  const lines = counts.map(({ reason, open, replayed, cut }) => [
    reason,
    ...[open, replayed, cut].map(String),
  ])
  const table = [head, ...lines].map(
    ([reason = '', ...numbers]) =>
      `${reason.padEnd(24)}${numbers.map((text) => text.padStart(10)).join('')}\n`,
  )
  return [...table, ...rows.map(rowText)].join('')
}

function rowText(row: RejectedRow): string {
  const { receivedAtMicros, reason, detail, contentType, payload, payloadChars } = row
  const place = `chunk ${row.streamSeq}, line ${row.eventIndex + 1}`
  const state = `${row.replayed ? ', replayed' : ''}${isCut(row) ? `, cut (${payloadChars} characters came)` : ''}`
  const shown = payload.length > shownCharsMax ? `${payload.slice(0, shownCharsMax)}…` : payload
  const kind = contentType === '' ? 'no content type' : contentType
  return `\n${formatMicros(receivedAtMicros)}  ${reason}  ${place}  ${harmless(kind)}${state}\n  ${harmless(detail)}\n  ${harmless(shown)}\n`
}

/** What a stranger wrote must not steer the terminal. */
function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD')
}

/** What a replay did, for people. */
export function replayText({ replayed, underWay, cut, refused }: ReplayOutcome, dryRun: boolean): string {
  const reasons = Object.entries(refused)
  const count = (number: number): string => integers.format(number)
  const lines = [
    dryRun
      ? `${count(replayed)} rejected events would be sent through again.`
      : `${count(replayed)} rejected events were sent through again; npm run accounting shows them.`,
    ...(underWay > 0 ? [`${count(underWay)} were replayed before and are not stored yet.`] : []),
    ...(cut > 0
      ? [
          `${count(cut)} can't be replayed: only the beginning of the line was kept. Ask the producer for them.`,
        ]
      : []),
    ...(reasons.length > 0
      ? [
          `Still refused: ${reasons.map(([reason, number]) => `${count(number)} ${reason}`).join(', ')}. They stay open.`,
        ]
      : []),
  ]
  return `${lines.join('\n')}\n`
}
