import { setTimeout } from 'node:timers/promises'

/** The time as the pace sees it. */
export interface Clock {
  /** Milliseconds since any fixed moment; never goes back. */
  nowMs: () => number
  sleep: (ms: number) => Promise<void>
}

/** How fast events are let out. */
export interface Pace {
  /** Events up to this moment are due, in microseconds since 1970. */
  dueUs: number
  /** Waits for the next events to become due. */
  wait: () => Promise<void>
}

/** The machine's clock. */
export const wallClock: Clock = {
  nowMs: () => performance.now(),
  sleep: (ms) => setTimeout(ms),
}

/** As fast as it goes: everything is due. */
export const unpaced: Pace = { dueUs: Infinity, wait: () => Promise.resolve() }

/** How long events wait for others before they are sent off, in milliseconds. */
const tickMs = 50

/**
 * With the clock: an event is due when its moment has come. `startUs` is the moment that it is now. The time that it
 * takes to make and send the events of a tick is part of the tick, so that ticks stay as short when there is much to do.
 */
export function withClock(clock: Clock, startUs: number): Pace {
  const startMs = clock.nowMs()
  let tickAtMs = startMs
  const pace: Pace = {
    dueUs: startUs,
    wait: async () => {
      // Also who is late sleeps for a moment, or signals and acknowledgements would never get a turn.
      await clock.sleep(Math.max(1, tickAtMs + tickMs - clock.nowMs()))
      tickAtMs = clock.nowMs()
      pace.dueUs = startUs + (tickAtMs - startMs) * 1_000
    },
  }
  return pace
}
