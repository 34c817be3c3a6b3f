import type { DeliveryState } from './delivery-state.js'

/**
 * Whether a session may still send a part of its insert: the stream was certainly ours a moment ago. An insert is several
 * requests, and between two of them the process may have been frozen for any time.
 *
 * @param atMs the present, by the clock of the events.
 */
export function hasFreshLease(state: DeliveryState, session: number, atMs: number): boolean {
  const { phase, timing } = state
  if (session !== state.session || phase.name !== 'holding') return false
  return atMs - phase.leaseFromMs <= timing.freshMs
}
