import { setTimeout as delay } from 'node:timers/promises'

/** What was read last, and when: a failure is one, too, and hides what was known before. */
export interface Reading<T> {
  /** Undefined where the reading failed. */
  value: T | undefined
  /** When it began, milliseconds since 1970. */
  atMs: number
  /** How long it took, milliseconds. */
  tookMs: number
}

/** How often something is read, and how long whoever asks waits for it. */
export interface ReadingRules {
  /** Nothing is read again before it is so old, milliseconds. */
  ageMinMs: number
  /** Nor before so many times as long has passed as its reading took: what has grown slow is read less often. */
  restFactor: number
  /** Whoever asks waits so long for a reading, milliseconds, and is then told of the one before. */
  waitMs: number
  nowMs: () => number
  /** Is told why a reading failed. */
  failed: (error: unknown) => void
}

/**
 * Something that is asked for more often than it is worth reading.
 *
 * @returns asks; readings never overlap. Undefined as long as there is none.
 */
export function latestReading<T>(
  read: () => Promise<T>,
  { ageMinMs, restFactor, waitMs, nowMs, failed }: ReadingRules,
): () => Promise<Reading<T> | undefined> {
  let last: Reading<T> | undefined
  let running: Promise<void> | undefined
  const run = async (): Promise<void> => {
    const atMs = nowMs()
    const value = await read().catch((error: unknown) => {
      failed(error)
      return undefined
    })
    last = { value, atMs, tookMs: nowMs() - atMs }
    running = undefined
  }
  const isDue = (): boolean =>
    last === undefined || nowMs() - last.atMs >= Math.max(ageMinMs, restFactor * last.tookMs)
  return async () => {
    if (isDue()) running ??= run()
    if (running !== undefined) await Promise.race([running, delay(waitMs, undefined, { ref: false })])
    return last
  }
}
