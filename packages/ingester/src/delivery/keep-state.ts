import type { IngestState } from '@pulsehouse/platform'
import type { DeliveryEffect } from './delivery-effect.js'
import type { DeliveryState, Holding } from './delivery-state.js'

/** Writes the state where it must be written, reads it where its content is not known. */
export function keepState(
  state: DeliveryState,
  holding: Holding,
  atMs: number,
  effects: DeliveryEffect[],
): void {
  const { keeping, revision } = holding
  switch (keeping.kind) {
    case 'writing':
    case 'checking':
      return
    case 'checkingLater':
      if (atMs < keeping.untilMs) return
      holding.keeping = { kind: 'checking', attempted: keeping.attempted }
      effects.push({ kind: 'load' })
      return
    case 'pausing':
      if (atMs < keeping.untilMs) return
      break
    case 'settled':
      break
  }
  holding.keeping = { kind: 'settled' }
  if (!mustWrite(state, holding, atMs)) return
  const entry = desired(state, holding)
  holding.keeping = { kind: 'writing', entry, sentAtMs: atMs }
  effects.push({ kind: 'write', entry, revision })
}

function mustWrite(state: DeliveryState, holding: Holding, atMs: number): boolean {
  const { work } = holding
  if (mayRelease(state, holding) || work.kind === 'announcing') return true
  if (work.kind === 'missing' && !work.isAsked) return true
  if (atMs >= holding.leaseFromMs + state.timing.beatMs) return true
  return atMs >= commitAtMs(state, holding)
}

/** When the last batch is committed, if nothing follows it. */
function commitAtMs({ timing }: DeliveryState, { work, entry }: Holding): number {
  return work.kind === 'idle' && entry.pending !== null ? work.sinceMs + timing.idleCommitMs : Infinity
}

/** A stop waits for what was read and for an insert under way, but not until a failing one succeeds. */
function mayRelease({ stopping }: DeliveryState, { work, source, prepared }: Holding): boolean {
  if (!stopping) return false
  switch (work.kind) {
    case 'idle':
      return source !== 'reading' && prepared === undefined
    case 'inserting':
      return false
    case 'announcing':
      return work.failures > 0
    case 'rebuilding':
    case 'missing':
    case 'backingOff':
      return true
  }
}

/** What the state should say now. */
function desired(state: DeliveryState, holding: Holding): IngestState {
  const { entry, inserted, work } = holding
  return {
    streamCreated: entry.streamCreated,
    owner: mayRelease(state, holding) ? '' : state.owner,
    committed: Math.max(inserted, entry.committed),
    pending: work.kind === 'idle' ? null : work.range,
  }
}

/** When something is due that nothing else will bring about. */
export function nextDeadlineMs(state: DeliveryState, holding: Holding): number {
  const { keeping, work, surveyAtMs = Infinity } = holding
  const kept = keepDeadlineMs(state, holding, keeping)
  return Math.min(kept, surveyAtMs, work.kind === 'backingOff' ? work.untilMs : Infinity)
}

function keepDeadlineMs(state: DeliveryState, holding: Holding, keeping: Holding['keeping']): number {
  switch (keeping.kind) {
    case 'writing':
    case 'checking':
      return Infinity
    case 'checkingLater':
    case 'pausing':
      return keeping.untilMs
    case 'settled':
      return Math.min(holding.leaseFromMs + state.timing.beatMs, commitAtMs(state, holding))
  }
}
