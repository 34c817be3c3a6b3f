/**
 * Up to where a reader knows all incidents: they are ordered by the minute by which they were judged last, and within it
 * by their ids. All findings of a judged minute are written at once, and minutes in their order, so that nothing ever
 * comes in before a position. It is the `id` of every event.
 */
export interface LivePosition {
  /** The judged minute, seconds since 1970. */
  minute: number
  /** Id of the incident; empty before all of that minute. */
  incident: string
}

/** Before all incidents. */
export const beforeAll: LivePosition = { minute: 0, incident: '' }

const pattern = /^(\d{1,10})-([\w.:-]{0,200})$/
/** The storage's minutes end there, seconds since 1970. */
const minuteMax = 2 ** 32 - 1

/** Writes a position as the `id` of an event. */
export function formatLivePosition({ minute, incident }: LivePosition): string {
  return `${minute}-${incident}`
}

/** Reads an `id`; undefined for any other text. */
export function parseLivePosition(text: string): LivePosition | undefined {
  const [, minute, incident] = pattern.exec(text) ?? []
  if (minute === undefined || incident === undefined || Number(minute) > minuteMax) return undefined
  return { minute: Number(minute), incident }
}

/** Whether a position lies behind another one. Ids are compared as ClickHouse compares them, byte by byte. */
export function isBehind(position: LivePosition, other: LivePosition): boolean {
  if (position.minute !== other.minute) return position.minute > other.minute
  return Buffer.compare(Buffer.from(position.incident), Buffer.from(other.incident)) > 0
}

/** The position that is further on. */
export function furtherOf(position: LivePosition, other: LivePosition): LivePosition {
  return isBehind(position, other) ? position : other
}
