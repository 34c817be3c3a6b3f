/** The waits of delivery, all in milliseconds of a clock that never jumps. */
export interface Timing {
  /** A holder that has written nothing for so long writes the state again: its heartbeat. */
  beatMs: number
  /** A state that has not changed for so long, as seen by the one that stands by, belongs to nobody. */
  leaseMs: number
  /** An insert begins only so soon after a write that proved the lease; less than the lease, to leave time to send it. */
  freshMs: number
  /** Between two looks at the state while another one is at work. */
  watchEveryMs: number
  /** When nothing follows a batch for so long, its range is committed by a write of its own. */
  idleCommitMs: number
  /** Before the stream is taken up again after a failure. */
  restartWaitMs: number
  /** Between two attempts at an insert, from the first to the longest. */
  retryWaitMs: { min: number; max: number }
  /** The same where ClickHouse says that it has too much to do. */
  crowdedWaitMs: { min: number; max: number }
  /** Between two looks at the stream: is it still the same, and how full. */
  surveyEveryMs: number
  /** How long what is stored stays in the stream as well. */
  replayWindowMs: number
}

/** The waits of every ingester; the replay window is an option. */
export const timing: Omit<Timing, 'replayWindowMs'> = {
  beatMs: 500,
  leaseMs: 3_000,
  freshMs: 2_000,
  watchEveryMs: 250,
  idleCommitMs: 100,
  restartWaitMs: 500,
  retryWaitMs: { min: 200, max: 10_000 },
  crowdedWaitMs: { min: 2_000, max: 30_000 },
  surveyEveryMs: 2_000,
}
