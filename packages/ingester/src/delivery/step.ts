import { beginClaim, claimed, lookAgain, watch } from './claim.js'
import type { DeliveryEvent } from './delivery-event.js'
import type { DeliveryState } from './delivery-state.js'
import type { DeliveryStep } from './delivery-step.js'
import { hold } from './hold.js'
import { giveUp, over, restart } from './session.js'

/**
 * The delivery contract: every chunk's rows are in ClickHouse exactly once, in the raw table and in every view. This is
 * its whole logic, without I/O, clock or chance: what happened goes in, what is to be done comes out.
 *
 *  1. Who works has its name in the state, and every write names the revision that it replaces. One that comes later
 *     stands by as long as it sees the state change, claims it when it has been still for a lease by its own clock,
 *     and whoever had it before fails at the next write. No clocks are compared, and none may jump.
 *  2. Before a batch is inserted, its range is written down as pending; the same write commits the range before it.
 *     An insert, the first or a repeated one, begins only just after such a write: one that was frozen meanwhile finds
 *     out at the write, and stands by.
 *  3. The insert carries the token `stream created : first-last`. ClickHouse ignores a token that it knows, in the
 *     table and in the targets of the views, so a batch may be sent any number of times.
 *  4. After an unknown outcome the same batch is sent again. After a crash, or another one's, the claim finds the range
 *     pending, and exactly that range is read again, which gives the same rows, and sent under the same token.
 *  5. One batch is under way at a time; the next one is only prepared. A range is committed after all its inserts were
 *     confirmed, and what is committed may leave the stream.
 *  6. A stream that was deleted and made anew is another stream: everything begins again, at its first chunk.
 *
 * If the state is lost and the stream is not, the ledger's last range counts as pending and what is before it as
 * committed. A clean stop gives the state up, so that the next one need not wait.
 *
 * A crash before 2 loses nothing, for the batch is still in the stream; between 2 and 5, step 4 repeats the insert.
 */
export function step(state: DeliveryState, event: DeliveryEvent): DeliveryStep {
  if (event.kind === 'stop') return stop(state, event)
  // What an earlier session asked for no longer matters, whatever became of it.
  if (event.kind !== 'tick' && event.session !== state.session) return { state, effects: [] }
  const { phase } = state
  if (event.kind === 'failed' && event.failure.kind === 'permanent') return giveUp(state, event.failure.why)
  switch (phase.name) {
    case 'resting':
      return event.kind === 'tick' ? endRest(state, phase.untilMs, event.atMs) : { state, effects: [] }
    case 'opening':
      if (event.kind === 'opened') return watch(state, event.stream, phase.seen)
      if (event.kind === 'failed') return restart(state, event.failure.why, event.atMs)
      return { state, effects: [] }
    case 'watching':
      return lookAgain(state, phase, event)
    case 'recalling':
      if (event.kind === 'recalled') return beginClaim(state, phase, event)
      if (event.kind === 'failed') return restart(state, event.failure.why, event.atMs)
      return { state, effects: [] }
    case 'claiming':
      if (event.kind === 'written') return claimed(state, phase, event.revision, event.atMs)
      if (event.kind === 'writeUnsettled') return restart(state, event.why, event.atMs)
      return { state, effects: [] }
    case 'holding':
      return hold(state, phase, event)
    case 'over':
      return { state, effects: [] }
  }
}

function endRest(state: DeliveryState, untilMs: number, atMs: number): DeliveryStep {
  if (atMs < untilMs) return { state, effects: [{ kind: 'wait', untilMs }] }
  const seen = state.phase.name === 'resting' ? state.phase.seen : undefined
  return { state: { ...state, phase: { name: 'opening', seen } }, effects: [{ kind: 'open' }] }
}

/** Who has claimed the state, or may just have, gives it up; who has not can go at once. */
function stop(state: DeliveryState, event: DeliveryEvent): DeliveryStep {
  const stopping = { ...state, stopping: true }
  switch (state.phase.name) {
    case 'resting':
    case 'opening':
    case 'watching':
    case 'recalling':
      return over(stopping)
    case 'claiming':
    case 'over':
      return { state: stopping, effects: [] }
    case 'holding':
      return hold(stopping, state.phase, event)
  }
}
