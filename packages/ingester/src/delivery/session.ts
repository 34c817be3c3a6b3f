import type { DeliveryEffect } from './delivery-effect.js'
import type { DeliveryState, Observation } from './delivery-state.js'
import type { DeliveryStep } from './delivery-step.js'

/** Takes up the stream again after a while, as after a crash. */
export function restart(state: DeliveryState, why: string, atMs: number): DeliveryStep {
  if (state.stopping) return over(state)
  const untilMs = atMs + state.timing.restartWaitMs
  return leave(
    state,
    { name: 'resting', untilMs, seen: undefined },
    { kind: 'say', notice: { kind: 'restarting', why } },
    { kind: 'wait', untilMs },
  )
}

/** Takes up the stream again at once. */
export function reopen(
  state: DeliveryState,
  seen: Observation | undefined,
  ...effects: DeliveryEffect[]
): DeliveryStep {
  if (state.stopping) return over(state)
  return leave(state, { name: 'opening', seen }, ...effects, { kind: 'open' })
}

/** The end, with all settled that can be. */
export function over(state: DeliveryState): DeliveryStep {
  return leave(state, { name: 'over' }, { kind: 'end' })
}

/** The end, because a person is needed. */
export function giveUp(state: DeliveryState, why: string): DeliveryStep {
  return leave(state, { name: 'over' }, { kind: 'giveUp', why })
}

function leave(
  state: DeliveryState,
  phase: DeliveryState['phase'],
  ...effects: DeliveryEffect[]
): DeliveryStep {
  return {
    state: { ...state, phase, session: state.session + 1 },
    effects: [{ kind: 'leave' }, ...effects],
  }
}
