/** Pause after the first failed attempt, milliseconds; it doubles with each. */
const firstMs = 1_000
/** The longest pause, milliseconds. */
export const retryPauseMaxMs = 300_000

/**
 * How long to wait before the next attempt, milliseconds. Up to half of it is left to chance, so that what failed
 * together does not come back together.
 *
 * @param attempts that have failed, at least 1.
 * @param random from 0 to 1.
 */
export function retryPauseMs(attempts: number, random: number): number {
  const longest = Math.min(firstMs * 2 ** (attempts - 1), retryPauseMaxMs)
  return longest * (1 - random / 2)
}
