/** Limits that producers and the ingester share; what is over one is rejected with a reason, never cut in silence. */
export const limits = {
  /** Bytes of one event's line. */
  lineBytesMax: 256 * 1024,
  /** Bytes of one chunk, which is one message of the queue. */
  chunkBytesMax: 512 * 1024,
  /** Events of one chunk. */
  chunkEventsMax: 2_000,
  /** Entries that an event may carry beside the catalog's fields. */
  attributesMax: 256,
  /** Levels of nesting that become dotted paths; what is deeper is kept as JSON text. */
  attributeDepthMax: 8,
  /** How far ahead of its arrival an event may claim to be, in microseconds: a day, for clocks and time zones. */
  futureMaxMicros: 86_400_000_000,
  /** The earliest time that an event may claim, in microseconds since 1970: 1990-01-01. */
  timestampMinMicros: 631_152_000_000_000,
  /** Characters of a rejected line that are kept. */
  rejectedPayloadCharsMax: 16 * 1024,
} as const
