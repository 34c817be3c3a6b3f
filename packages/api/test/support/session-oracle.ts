import { formatMicros } from '@pulsehouse/events'
import type { Session } from '../../src/sessions/session-selection.js'
import type { Row } from './rows.js'

/** A session as one reads it off its events, and these events in order. */
export type ExpectedSession = Session & { startedMicros: number; rows: Row[] }

/** Rows in the order of their time and their place in the queue. */
export function inOrder(rows: readonly Row[]): Row[] {
  return rows.toSorted(
    (a, b) =>
      a.timestampMicros - b.timestampMicros || a.streamSeq - b.streamSeq || a.eventIndex - b.eventIndex,
  )
}

/** All sessions of some rows, newest first. No two begin at the same time. */
export function expectedSessions(rows: readonly Row[]): ExpectedSession[] {
  const grouped = new Map<string, Row[]>()
  for (const row of rows) {
    if (row.session_id !== undefined)
      grouped.set(row.session_id, [...(grouped.get(row.session_id) ?? []), row])
  }
  return [...grouped]
    .map(([id, members]) => sessionOf(id, inOrder(members)))
    .toSorted((a, b) => b.startedMicros - a.startedMicros)
}

function sessionOf(id: string, rows: Row[]): ExpectedSession {
  const views = rows.filter(({ action }) => action === 'view_page')
  const [first, last] = [rows[0] as Row, rows.at(-1) as Row]
  const most = (values: (string | undefined)[]): string | null =>
    values
      .map((value) => value ?? '')
      .toSorted()
      .at(-1) || null
  return {
    id,
    user_id: most(rows.map((row) => row.user_id)),
    started: formatMicros(first.timestampMicros),
    ended: formatMicros(last.timestampMicros),
    duration_seconds: (last.timestampMicros - first.timestampMicros) / 1e6,
    events: rows.length,
    pages: views.length,
    errors: rows.filter(({ level }) => level === 'ERROR').length,
    entry: views[0]?.endpoint ?? null,
    exit: views.at(-1)?.endpoint ?? null,
    referrer: first.referrer_domain ?? null,
    device: most(rows.map((row) => row.device)),
    browser: most(rows.map((row) => row.browser)),
    os: most(rows.map((row) => row.os)),
    converted: rows.some(({ checkout_status: status }) => status === 'completed'),
    startedMicros: first.timestampMicros,
    rows,
  }
}
