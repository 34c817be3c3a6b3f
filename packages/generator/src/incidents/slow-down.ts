import type { ShopEvent } from '../traffic/shop-event.js'

/** A part of the response time. */
export type LatencyPart = 'db' | 'server' | 'network'

/** Makes parts of a request's time so many times as long. */
export function slowDown(event: ShopEvent, parts: readonly LatencyPart[], factor: number): void {
  for (const part of parts) event[`${part}Us`] = inTens(event[`${part}Us`] * factor)
}

/** Lines write times in hundredths of a millisecond. */
function inTens(us: number): number {
  return Math.max(1, Math.round(us / 10)) * 10
}
