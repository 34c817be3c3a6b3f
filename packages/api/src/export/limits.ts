/** What one export is held to. What would be more is an error, and never cut. */
export const exportLimits = {
  /** Rows of the file. */
  rows: 5_000_000,
  /** Time until the last byte is read, seconds; the user who may only read has no more. */
  timeSeconds: 60,
  /** Memory of ClickHouse, bytes: Parquet is written in groups of a million rows. */
  memoryBytes: 2 * 1024 * 1024 * 1024,
} as const

/** Up to so many rows come in the order of the list. More come as they are stored, because sorting would hold them all in memory. */
export const orderedRowsMax = 20_000
