import type { IngestState, SequenceRange } from '@pulsehouse/platform'
import type { DeliveryEffect } from './delivery-effect.js'
import type { DeliveryEvent, Failure } from './delivery-event.js'
import type { DeliveryState, Holding, Work } from './delivery-state.js'
import { clearableThrough, noteCommitted, notePurged } from './purge-plan.js'
import { giveUp, over, reopen, restart } from './session.js'
import type { DeliveryStep } from './delivery-step.js'

type Loaded = Extract<DeliveryEvent, { kind: 'loaded' }>
type Surveyed = Extract<DeliveryEvent, { kind: 'surveyed' }>

/** Works on the stream that is ours: takes in what happened, then does what is to be done. */
export function hold(state: DeliveryState, holding: Holding, event: DeliveryEvent): DeliveryStep {
  const { atMs } = event
  const go = (change: Partial<Holding>, ...effects: DeliveryEffect[]): DeliveryStep =>
    proceed(state, { ...holding, ...change }, atMs, effects)
  switch (event.kind) {
    case 'tick':
      return go({})
    case 'stop':
      return holding.source === 'reading' ? go({}, { kind: 'stopReading' }) : go({})
    case 'written':
      return settle(state, holding, event.revision, atMs)
    case 'writeUnsettled':
      if (holding.keeping.kind !== 'writing') return go({})
      return go({ keeping: { kind: 'checking', attempted: holding.keeping.entry } }, { kind: 'load' })
    case 'loaded':
      return checked(state, holding, event)
    case 'prepared':
      return go({ prepared: event.range })
    case 'rebuilt':
      return go({ work: { kind: 'announcing', range: event.range, sinceMs: atMs, failures: 0 } })
    case 'rangeGone':
      return giveUp(state, goneSentence(holding.entry.pending))
    case 'readingEnded':
      return go({ source: 'ended' })
    case 'inserted':
      return go({ work: { kind: 'idle', sinceMs: atMs }, inserted: event.range.last })
    case 'insertFailed':
      return backOff(state, holding, event.failure, atMs)
    case 'surveyed':
      return surveyed(state, holding, event)
    case 'surveyFailed':
      return go({ surveyAtMs: atMs + state.timing.surveyEveryMs })
    case 'purged':
      return go({ purging: notePurged(holding.purging, event.through) })
    case 'failed':
      if (event.during !== 'load') return restart(state, event.failure.why, atMs)
      return checkLater(state, holding, atMs)
    case 'opened':
    case 'recalled':
      return go({})
  }
}

function goneSentence(pending: SequenceRange | null): string {
  const range = pending === null ? '' : ` ${pending.first}-${pending.last}`
  return (
    `The stream no longer has the pending range${range}: it was purged by hand, and nobody knows how much of it is stored. ` +
    'To go on behind it, delete the key LOGS of the bucket PULSEHOUSE_INGEST.'
  )
}

function settle(state: DeliveryState, holding: Holding, revision: number, atMs: number): DeliveryStep {
  const { keeping } = holding
  if (keeping.kind !== 'writing') return proceed(state, holding, atMs, [])
  return accept(state, holding, { entry: keeping.entry, revision, leaseFromMs: keeping.sentAtMs }, atMs)
}

/** The state is known to say this, and to be ours. */
function accept(
  state: DeliveryState,
  holding: Holding,
  known: Pick<Holding, 'entry' | 'revision' | 'leaseFromMs'>,
  atMs: number,
): DeliveryStep {
  if (known.entry.owner === '') return over(state)
  const purging = noteCommitted(holding.purging, known.entry.committed, atMs)
  return proceed(state, { ...holding, ...known, purging, keeping: { kind: 'settled' } }, atMs, [])
}

/** A write whose answer was lost looks like somebody else's: it is ours if the state names us, or says what we wrote. */
function checked(
  state: DeliveryState,
  holding: Holding,
  { entry, revision, sentAtMs, atMs }: Loaded,
): DeliveryStep {
  const { keeping } = holding
  if (keeping.kind !== 'checking') return proceed(state, holding, atMs, [])
  if (entry !== undefined && isSame(entry, keeping.attempted))
    return accept(state, holding, { entry, revision, leaseFromMs: sentAtMs }, atMs)
  if (entry?.owner !== state.owner || entry.streamCreated !== holding.stream.created)
    return reopen(state, undefined, {
      kind: 'say',
      notice: { kind: 'fenced', owner: entry?.owner ?? '' },
    })
  const untilMs = atMs + state.timing.watchEveryMs
  const change = { entry, revision, leaseFromMs: sentAtMs, keeping: { kind: 'pausing', untilMs } } as const
  return proceed(state, { ...holding, ...change }, atMs, [])
}

function checkLater(state: DeliveryState, holding: Holding, atMs: number): DeliveryStep {
  const { keeping } = holding
  if (state.stopping) return over(state)
  if (keeping.kind !== 'checking') return proceed(state, holding, atMs, [])
  const untilMs = atMs + state.timing.watchEveryMs
  const later = { kind: 'checkingLater', attempted: keeping.attempted, untilMs } as const
  return proceed(state, { ...holding, keeping: later }, atMs, [])
}

function isSame(one: IngestState, other: IngestState): boolean {
  return (
    one.owner === other.owner &&
    one.streamCreated === other.streamCreated &&
    one.committed === other.committed &&
    isSameRange(one.pending, other.pending)
  )
}

function isSameRange(one: SequenceRange | null, other: SequenceRange | null): boolean {
  return one?.first === other?.first && one?.last === other?.last
}

function backOff(state: DeliveryState, holding: Holding, failure: Failure, atMs: number): DeliveryStep {
  if (holding.work.kind !== 'inserting') return proceed(state, holding, atMs, [])
  if (failure.kind === 'permanent') return giveUp(state, failure.why)
  const { range, failures } = holding.work
  const { min, max } = failure.kind === 'crowded' ? state.timing.crowdedWaitMs : state.timing.retryWaitMs
  const waitMs = Math.min(min * 2 ** Math.min(failures, 16), max)
  const work: Work = { kind: 'backingOff', range, failures: failures + 1, untilMs: atMs + waitMs }
  const notice = { kind: 'insertFailed', range, waitMs, why: failure.why } as const
  return proceed(state, { ...holding, work }, atMs, [{ kind: 'say', notice }])
}

function surveyed(
  state: DeliveryState,
  holding: Holding,
  { streamCreated, crowded, atMs }: Surveyed,
): DeliveryStep {
  if (streamCreated !== holding.stream.created)
    return reopen(state, undefined, { kind: 'say', notice: { kind: 'streamMadeAnew' } })
  const { replayWindowMs, surveyEveryMs } = state.timing
  const through = clearableThrough(holding.purging, { atMs, crowded, replayWindowMs })
  const purge: DeliveryEffect[] =
    through === undefined ? [] : [{ kind: 'purge', stream: holding.stream, through }]
  return proceed(state, { ...holding, surveyAtMs: atMs + surveyEveryMs }, atMs, purge)
}

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
  readWhenIdle(state, holding, effects)
  takeNext(holding, atMs)
  if (mayInsert(state, holding, atMs)) beginInsert(holding, effects)
  keep(state, holding, atMs, effects)
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

/** Writes the state where it must be written, reads it where its content is not known. */
function keep(state: DeliveryState, holding: Holding, atMs: number, effects: DeliveryEffect[]): void {
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
  if (mayRelease(state, holding) || holding.work.kind === 'announcing') return true
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

function nextDeadlineMs(state: DeliveryState, holding: Holding): number {
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
