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

/** How long events wait for others at the most before they are sent off, in milliseconds. */
const tickMs = 100

/** With the clock: an event is due when its moment has come. `startUs` is the moment that it is now. */
export function withClock(clock: Clock, startUs: number): Pace {
  const startMs = clock.nowMs()
  const pace: Pace = {
    dueUs: startUs,
    wait: async () => {
      await clock.sleep(tickMs)
      pace.dueUs = startUs + (clock.nowMs() - startMs) * 1_000
    },
  }
  return pace
}
