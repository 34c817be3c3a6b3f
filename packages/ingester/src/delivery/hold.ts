import type { SequenceRange } from '@pulsehouse/platform'
import type { DeliveryEffect } from './delivery-effect.js'
import type { DeliveryEvent, Failure } from './delivery-event.js'
import type { DeliveryState, Holding, Work } from './delivery-state.js'
import { clearableThrough, noteCommitted, notePurged } from './purge-plan.js'
import { isSameEntry } from './same-entry.js'
import { proceed } from './proceed.js'
import { giveUp, over, reopen, restart } from './session.js'
import type { DeliveryStep } from './delivery-step.js'

type Loaded = Extract<DeliveryEvent, { kind: 'loaded' }>
type Recalled = Extract<DeliveryEvent, { kind: 'recalled' }>
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
      return holding.prepared === undefined && event.range.first === nextSeq(holding)
        ? go({ prepared: event.range })
        : restart(state, jumpSentence(event.range, nextSeq(holding)), atMs)
    case 'rebuilt':
      return go({ work: { kind: 'announcing', range: event.range, sinceMs: atMs, failures: 0 } })
    case 'rangeGone':
      return holding.work.kind === 'rebuilding'
        ? go({ work: { kind: 'missing', range: holding.work.range, sinceMs: atMs, isAsked: false } })
        : go({})
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
    case 'recalled':
      return findMissing(state, holding, event)
    case 'opened':
      return go({})
  }
}

/** Where the next batch begins: behind the last one, without a hole, or where the stream begins. */
function nextSeq({ work, inserted, stream }: Holding): number {
  return Math.max(('range' in work ? work.range.last : inserted) + 1, stream.firstSeq)
}

function jumpSentence({ first }: SequenceRange, expected: number): string {
  return `A batch begins at chunk ${first} instead of ${expected}: the chunks between would be lost.`
}

/** What the ledger has was stored before it left the stream; of anything else nobody knows. */
function findMissing(state: DeliveryState, holding: Holding, { last, atMs }: Recalled): DeliveryStep {
  const { work } = holding
  if (work.kind !== 'missing') return proceed(state, holding, atMs, [])
  const { range } = work
  if (last === undefined || last.last < range.last) return giveUp(state, missingSentence(range))
  const found: Holding = { ...holding, work: { kind: 'idle', sinceMs: atMs }, inserted: range.last }
  return proceed(state, found, atMs, [{ kind: 'say', notice: { kind: 'storedBefore', pending: range } }])
}

function missingSentence({ first, last }: SequenceRange): string {
  return (
    `The stream no longer has the pending range ${first}-${last}: it was purged by hand, and nobody knows how much of it is stored. ` +
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
  return proceed(state, { ...holding, ...known, keeping: { kind: 'settled' } }, atMs, [])
}

/** A write whose answer was lost looks like somebody else's: it is ours if the state names us, or says what we wrote. */
function checked(
  state: DeliveryState,
  holding: Holding,
  { entry, revision, sentAtMs, atMs }: Loaded,
): DeliveryStep {
  const { keeping } = holding
  if (keeping.kind !== 'checking') return proceed(state, holding, atMs, [])
  if (entry !== undefined && isSameEntry(entry, keeping.attempted))
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
  const purging = noteCommitted(holding.purging, holding.entry.committed, atMs)
  const through = clearableThrough(purging, { atMs, crowded, replayWindowMs })
  const purge: DeliveryEffect[] =
    through === undefined ? [] : [{ kind: 'purge', stream: holding.stream, through }]
  return proceed(state, { ...holding, purging, surveyAtMs: atMs + surveyEveryMs }, atMs, purge)
}
