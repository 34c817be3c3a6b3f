/** What is committed since when, so that it can leave the stream when the replay window is over. */
export interface PurgePlan {
  /** Oldest first; the times are those of a clock that never jumps, milliseconds. */
  history: readonly { atMs: number; seq: number }[]
  purgedThrough: number
}

/** The plan of a stream of which nothing is known yet. */
export const emptyPurgePlan: PurgePlan = { history: [], purgedThrough: 0 }

/** Notes how far the stream is committed now; at every survey, not at every batch, which would be a long list. */
export function noteCommitted(plan: PurgePlan, seq: number, atMs: number): PurgePlan {
  if (seq <= (plan.history.at(-1)?.seq ?? 0)) return plan
  return { ...plan, history: [...plan.history, { atMs, seq }] }
}

/**
 * Up to which chunk the stream can be cleared; undefined where there is nothing to clear.
 *
 * @param crowded clears at once, replay window or not: producers would wait.
 */
export function clearableThrough(
  plan: PurgePlan,
  now: { atMs: number; crowded: boolean; replayWindowMs: number },
): number | undefined {
  const { atMs, crowded, replayWindowMs } = now
  const old = crowded
    ? plan.history.at(-1)
    : plan.history.findLast((was) => atMs - was.atMs >= replayWindowMs)
  return old !== undefined && old.seq > plan.purgedThrough ? old.seq : undefined
}

/** Notes that the stream was cleared. */
export function notePurged(plan: PurgePlan, through: number): PurgePlan {
  return { purgedThrough: through, history: plan.history.filter(({ seq }) => seq > through) }
}
