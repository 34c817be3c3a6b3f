import { limits } from '@pulsehouse/events'

/** A row of `rejected_events`. */
export interface RejectedRow {
  /** When the queue took it, microseconds since 1970. */
  receivedAtMicros: number
  reason: string
  detail: string
  contentType: string
  /** The line, cleaned and cut. */
  payload: string
  /** Length of the whole line in UTF-16 units. */
  payloadChars: number
  /** When its stream was made, seconds since 1970. */
  streamCreated: number
  streamSeq: number
  /** Index of the line within its chunk. */
  eventIndex: number
  /** Whether it was sent through again. */
  replayed: boolean
}

/** Which rejected line of all times it is; a replayed event carries it as its attribute `replayed_from`. */
export function positionOf({ streamCreated, streamSeq, eventIndex }: RejectedRow): string {
  return `${streamCreated}:${streamSeq}:${eventIndex}`
}

/** Whether only a part of the line was kept: nobody knows what the rest said. */
export function isCut({ payload, payloadChars }: RejectedRow): boolean {
  return Math.max(payload.length, payloadChars - 1) >= limits.rejectedPayloadCharsMax
}
