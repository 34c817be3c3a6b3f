import type { ChangedIncident } from './incident-changes.js'
import { formatLivePosition, type LivePosition } from './live-position.js'

/** A change as a Server-Sent Event. */
export function changeEvent({ minute, ...incident }: ChangedIncident): string {
  const id = formatLivePosition({ minute, incident: incident.id })
  return `id: ${id}\ndata: ${JSON.stringify(incident)}\n\n`
}

/** What a reader is told first: where it begins, and how long it waits before it connects again, milliseconds. */
export function greeting(from: LivePosition, retryMs: number): string {
  return `retry: ${retryMs}\nid: ${formatLivePosition(from)}\n\n`
}

/** Tells a reader up to where it knows everything, and proxies that the connection is alive. */
export function upToDate(position: LivePosition): string {
  // An event without data is none, but browsers remember its id.
  return `: up to date\nid: ${formatLivePosition(position)}\n\n`
}

/** Tells a reader that nothing is known of what may be new. */
export const noAnswer = ': ClickHouse does not answer; what is new is not known, trying again\n\n'

/** What a reader is told that could not keep up. */
export function tooFarBehind(position: LivePosition): string {
  const after = formatLivePosition(position)
  const detail =
    'Incidents changed faster than they were read: connect again with Last-Event-ID to go on from here, and filter more.'
  return `event: dropped\nid: ${after}\ndata: ${JSON.stringify({ after, detail })}\n\n`
}
