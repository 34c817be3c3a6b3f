/** Limits of events that are sent over HTTP. */
export const intakeLimits = {
  /** Bytes of a body, as it is sent and when it is unpacked. */
  bodyBytesMax: 8 * 1024 * 1024,
  /** Refused events that an answer lists; the others are counted. */
  refusedListedMax: 100,
  /** Bodies that are worked on at a time, which bounds the memory; others wait, unread. */
  bodiesMax: 8,
  /** How long a body waits for its turn, milliseconds. */
  turnWaitMs: 5_000,
  /** How long the queue has to take all chunks of a body, milliseconds. */
  publishTimeMs: 10_000,
  /** Chunks that are on their way to the queue at a time. */
  unacknowledgedMax: 4,
} as const

/** Limits of events that are sent over HTTP, as a test may change them. */
export type IntakeLimits = { readonly [Name in keyof typeof intakeLimits]: number }
