import { isoOf } from '../parameters/minute-range.js'
import type { StreamGap } from './follow-stream.js'
import { formatPosition, type TailPosition } from './position.js'

/** What a reader is told of events that it misses, as a Server-Sent Event. */
export function gapNotice({ after, until }: StreamGap): string {
  const from = after.receivedSeconds === undefined ? null : isoOf(after.receivedSeconds)
  const to = isoOf((until.receivedSeconds ?? 0) + 1)
  const detail =
    `The queue does not hold the events any more that came after ${formatPosition(after)} and before ${to}: ask ` +
    `GET /v1/logs?from=${from ?? '(the time of the last event that you have)'}&to=${to} for them.`
  return noticeOf('gap', until, { after: formatPosition(after), from, to, detail })
}

/** What a reader is told that could not keep up. */
export function droppedNotice(last: TailPosition): string {
  const detail =
    'Events came faster than they were read, and this reader was too far behind: connect again with Last-Event-ID ' +
    'to go on from here, and filter more.'
  return noticeOf('dropped', last, { after: formatPosition(last), detail })
}

/** Tells a reader up to where it has everything, and proxies that the connection is alive. */
export function heartbeat(position: TailPosition): string {
  // An event without data is none, but browsers remember its id.
  return `: up to date\nid: ${formatPosition(position)}\n\n`
}

function noticeOf(event: string, position: TailPosition, data: Record<string, string | null>): string {
  return `event: ${event}\nid: ${formatPosition(position)}\ndata: ${JSON.stringify(data)}\n\n`
}
