import type { Random } from '../draw/random.js'

/** How a series of requests is spread over time; times are in microseconds since 1970. */
export interface Spread {
  fromUs: number
  untilUs: number
  /** On average. */
  perMinute: number
  /** Programs keep a beat; what comes from many or from people does not. */
  beat: 'steady' | 'loose'
}

const minuteUs = 60_000_000

/** Moments of requests, in order, the first a little after the beginning. */
export function* moments(random: Random, { fromUs, untilUs, perMinute, beat }: Spread): Generator<number> {
  const meanUs = minuteUs / perMinute
  for (let atUs = fromUs; ;) {
    const gap = beat === 'steady' ? random.between(0.85, 1.15) : -Math.log(1 - random.unit())
    atUs += Math.max(1, Math.round(meanUs * gap))
    if (atUs >= untilUs) return
    yield atUs
  }
}
