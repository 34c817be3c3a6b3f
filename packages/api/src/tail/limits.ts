/** Limits of the live tail; all of them bound memory or places that readers share. */
export const tailLimits = {
  /** Readers at a time, in one process of the API. */
  readersMax: 128,
  /** Text of the newest events that is kept for all readers, bytes: whoever is further behind is dropped. */
  windowBytesMax: 16 * 1024 * 1024,
  /** Events that are sent in one piece, bytes of text; a chunk is never divided. */
  slotBytesMax: 256 * 1024,
  /** How long an event waits for others, so that a piece is more than one event, milliseconds. */
  coalesceMs: 50,
  /** A reader that was sent nothing for so long is sent a comment, milliseconds. */
  heartbeatMs: 15_000,
  /** A reader that takes nothing for so long after it fell behind is cut off, milliseconds. */
  cutOffMs: 30_000,
  /** The reading of the queue goes on for so long without readers, milliseconds. */
  lingerMs: 30_000,
  /** Readers that may read older chunks of the queue by themselves at a time; others wait. */
  catchUpsMax: 4,
  /** The first reader may take the shared reading back by so many chunks. */
  lookbackChunksMax: 256,
  /** Clients wait for so long before they connect again, milliseconds. */
  retryMs: 1_000,
} as const

/** Limits of the live tail, as a test may change them. */
export type TailLimits = { readonly [Name in keyof typeof tailLimits]: number }
