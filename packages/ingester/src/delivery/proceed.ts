import type { DeliveryEffect } from './delivery-effect.js'
import type { DeliveryState, Holding } from './delivery-state.js'
import type { DeliveryStep } from './delivery-step.js'
import { keepState, nextDeadlineMs } from './keep-state.js'
import { isSameRange } from './same-entry.js'
import { restart } from './session.js'

/** Does whatever is due, in whatever order it came about. */
export function proceed(
  state: DeliveryState,
  before: Holding,
  atMs: number,
  sofar: readonly DeliveryEffect[],
): DeliveryStep {
  const holding = { ...before }
  const effects = [...sofar]
  if (isReadOut(state, holding)) return restart(state, 'the reading of the stream has ended', atMs)
  askForMissing(holding, effects)
  readWhenIdle(state, holding, effects)
  takeNext(holding, atMs)
  if (mayInsert(state, holding, atMs)) beginInsert(holding, effects)
  keepState(state, holding, atMs, effects)
  if (holding.surveyAtMs !== undefined && atMs >= holding.surveyAtMs) {
    holding.surveyAtMs = undefined
    effects.push({ kind: 'survey' })
  }
  effects.push({ kind: 'wait', untilMs: nextDeadlineMs(state, holding) })
  return { state: { ...state, phase: holding }, effects }
}

function isReadOut({ stopping }: DeliveryState, { source, work, prepared }: Holding): boolean {
  return source === 'ended' && !stopping && work.kind === 'idle' && prepared === undefined
}

/** Asks about a missing range once the stream is known to have been ours after it was missed. */
function askForMissing(holding: Holding, effects: DeliveryEffect[]): void {
  const { work, leaseFromMs, stream } = holding
  if (work.kind !== 'missing' || work.isAsked || leaseFromMs < work.sinceMs) return
  holding.work = { ...work, isAsked: true }
  effects.push({ kind: 'recall', stream })
}

function readWhenIdle({ stopping }: DeliveryState, holding: Holding, effects: DeliveryEffect[]): void {
  if (holding.source !== 'none' || holding.work.kind !== 'idle' || stopping) return
  const from = holding.inserted + 1
  holding.source = 'reading'
  effects.push({ kind: 'say', notice: { kind: 'reading', from } })
  effects.push({ kind: 'read', stream: holding.stream, from })
}

function takeNext(holding: Holding, atMs: number): void {
  const { work, prepared } = holding
  if (work.kind === 'idle' && prepared !== undefined) {
    holding.work = { kind: 'announcing', range: prepared, sinceMs: atMs, failures: 0 }
    holding.prepared = undefined
  }
  if (work.kind === 'backingOff' && atMs >= work.untilMs)
    holding.work = { kind: 'announcing', range: work.range, sinceMs: atMs, failures: work.failures }
}

/** An insert begins only just after the state was seen to be ours and to name the range. */
function mayInsert({ timing }: DeliveryState, { work, entry, leaseFromMs }: Holding, atMs: number): boolean {
  return (
    work.kind === 'announcing' &&
    isSameRange(entry.pending, work.range) &&
    leaseFromMs >= work.sinceMs &&
    atMs - leaseFromMs <= timing.freshMs
  )
}

function beginInsert(holding: Holding, effects: DeliveryEffect[]): void {
  const { work, stream } = holding
  if (work.kind !== 'announcing') return
  holding.work = { kind: 'inserting', range: work.range, failures: work.failures }
  effects.push({ kind: 'insert', stream, range: work.range })
}
