import { victims, type Victim } from './fault-plan.js'

/** What was done to the parts. */
export interface FaultCounts {
  kills: number
  killsByPart: Record<Victim, number>
  stops: number
  stopsByPart: Record<Victim, number>
  /** Stops of ClickHouse that outlast the time-out of an insert. */
  longStops: number
  /** Kills and stops of the queue, ClickHouse or the ingester that works, while a range was pending. */
  inFlight: number
  /** Kills among them. */
  killsInFlight: number
  /** Kills of the ingester after which the ledger did not have the pending range: the batch was cut off for certain. */
  cutOff: number
  /** Faults that were drawn for a part that was away or held up already. */
  skipped: number
}

/** Nothing yet. */
export function noFaults(): FaultCounts {
  const byPart = (): Record<Victim, number> =>
    Object.fromEntries(victims.map((victim) => [victim, 0])) as Record<Victim, number>
  return {
    kills: 0,
    killsByPart: byPart(),
    stops: 0,
    stopsByPart: byPart(),
    longStops: 0,
    inFlight: 0,
    killsInFlight: 0,
    cutOff: 0,
    skipped: 0,
  }
}
