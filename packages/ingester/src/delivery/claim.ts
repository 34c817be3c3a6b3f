import type { IngestState, SequenceRange } from '@pulsehouse/platform'
import type { DeliveryEffect } from './delivery-effect.js'
import type { DeliveryEvent, StreamFound } from './delivery-event.js'
import type { DeliveryState, Holding, Observation, Phase, Watching } from './delivery-state.js'
import { proceed } from './proceed.js'
import { noteCommitted, emptyPurgePlan } from './purge-plan.js'
import { reopen } from './session.js'
import type { DeliveryStep } from './delivery-step.js'

type Loaded = Extract<DeliveryEvent, { kind: 'loaded' }>

/** Looks at the state of a stream that was just opened. */
export function watch(
  state: DeliveryState,
  stream: StreamFound,
  seen: Observation | undefined,
): DeliveryStep {
  const phase: Watching = { name: 'watching', stream, opened: true, seen, lookAtMs: undefined }
  return { state: { ...state, phase }, effects: [{ kind: 'load' }] }
}

/** Stands by, or claims what is nobody's. */
export function lookAgain(state: DeliveryState, phase: Watching, event: DeliveryEvent): DeliveryStep {
  if (event.kind === 'tick') return lookWhenDue(state, phase, event.atMs)
  if (event.kind === 'loaded') return judge(state, phase, event)
  // What was not seen may have changed: the observation begins again.
  if (event.kind === 'failed') return lookLater(state, { ...phase, seen: undefined }, event.atMs, [])
  return { state, effects: [] }
}

function lookWhenDue(state: DeliveryState, phase: Watching, atMs: number): DeliveryStep {
  if (phase.lookAtMs === undefined) return { state, effects: [] }
  if (atMs < phase.lookAtMs) return { state, effects: [{ kind: 'wait', untilMs: phase.lookAtMs }] }
  return inPhase(state, { ...phase, opened: false, lookAtMs: undefined }, [{ kind: 'load' }])
}

function lookLater(
  state: DeliveryState,
  phase: Watching,
  atMs: number,
  effects: DeliveryEffect[],
): DeliveryStep {
  const lookAtMs = atMs + state.timing.watchEveryMs
  return inPhase(state, { ...phase, lookAtMs }, [...effects, { kind: 'wait', untilMs: lookAtMs }])
}

function judge(state: DeliveryState, phase: Watching, loaded: Loaded): DeliveryStep {
  const { entry, revision, atMs } = loaded
  const same = phase.seen?.revision === revision
  const seen = same && phase.seen !== undefined ? phase.seen : { revision, sinceMs: atMs }
  if (!isFree(state, seen, loaded)) {
    const news: DeliveryEffect[] =
      phase.seen === undefined
        ? [{ kind: 'say', notice: { kind: 'standingBy', owner: entry?.owner ?? '' } }]
        : []
    return lookLater(state, { ...phase, seen }, atMs, news)
  }
  // The stream may have been made anew since we looked at it; a claim must speak of the one that there is.
  if (!phase.opened) return reopen(state, seen)
  const { stream } = phase
  return claim(state, stream, entryOf(state, stream, entry), revision, atMs, noticesOf(state, entry))
}

/** A state is nobody's when nobody is named, when we are, or when it has been still for a lease. */
function isFree(state: DeliveryState, seen: Observation, { entry, sentAtMs }: Loaded): boolean {
  if (entry === undefined || entry.owner === '' || entry.owner === state.owner) return true
  return sentAtMs - seen.sinceMs >= state.timing.leaseMs
}

/**
 * What is written to claim a stream. One that an earlier stream had begins at the first chunk. A state that is lost is claimed
 * for no stream at first, and the ledger is asked only then: what was asked before somebody else worked would be out of date,
 * and the absence of a state, which has no revision of its own, would not tell.
 */
function entryOf(state: DeliveryState, stream: StreamFound, found: IngestState | undefined): IngestState {
  const { owner } = state
  if (found?.streamCreated === stream.created) return { ...found, owner }
  const streamCreated = isLost(found) ? '' : stream.created
  return { streamCreated, owner, committed: 0, pending: null }
}

function isLost(entry: IngestState | undefined): boolean {
  return entry === undefined || entry.streamCreated === ''
}

function noticesOf(state: DeliveryState, found: IngestState | undefined): DeliveryEffect[] {
  if (found === undefined || found.owner === '' || found.owner === state.owner) return []
  return [{ kind: 'say', notice: { kind: 'takingOver', owner: found.owner } }]
}

/** Claims a stream whose state is lost, or new. A range that is no longer in the stream was committed before it went. */
export function beginClaim(
  state: DeliveryState,
  phase: Extract<Phase, { name: 'recalling' }>,
  { last, stream, atMs }: Extract<DeliveryEvent, { kind: 'recalled' }>,
): DeliveryStep {
  if (stream.created !== phase.stream.created) return reopen(state, undefined)
  const entry: IngestState = {
    streamCreated: stream.created,
    owner: state.owner,
    ...recalledEntry(last, stream),
  }
  const notices: DeliveryEffect[] =
    last === undefined ? [] : [{ kind: 'say', notice: { kind: 'stateLost', committed: entry.committed } }]
  return claim(state, stream, entry, phase.revision, atMs, notices)
}

function recalledEntry(
  last: SequenceRange | undefined,
  { firstSeq, lastSeq }: StreamFound,
): Pick<IngestState, 'committed' | 'pending'> {
  // A range behind the stream's end is of one that was made in the same second.
  if (last === undefined || last.last > lastSeq) return { committed: 0, pending: null }
  if (last.first < firstSeq) return { committed: last.last, pending: null }
  return { committed: last.first - 1, pending: last }
}

function claim(
  state: DeliveryState,
  stream: StreamFound,
  entry: IngestState,
  revision: number,
  atMs: number,
  notices: DeliveryEffect[],
): DeliveryStep {
  return inPhase(state, { name: 'claiming', stream, entry, sentAtMs: atMs }, [
    ...notices,
    { kind: 'write', entry, revision },
  ])
}

/** Begins to work, with what is pending, if something is; or asks how far a lost state had come. */
export function claimed(
  state: DeliveryState,
  { stream, entry, sentAtMs }: Extract<Phase, { name: 'claiming' }>,
  revision: number,
  atMs: number,
): DeliveryStep {
  if (isLost(entry))
    return inPhase(state, { name: 'recalling', stream, revision }, [{ kind: 'recall', stream }])
  const { pending, committed } = entry
  const holding: Holding = {
    name: 'holding',
    stream,
    entry,
    revision,
    leaseFromMs: sentAtMs,
    keeping: { kind: 'settled' },
    work: pending === null ? { kind: 'idle', sinceMs: atMs } : { kind: 'rebuilding', range: pending },
    source: 'none',
    prepared: undefined,
    inserted: committed,
    purging: noteCommitted(emptyPurgePlan, committed, atMs),
    surveyAtMs: atMs + state.timing.surveyEveryMs,
  }
  if (pending === null) return proceed(state, holding, atMs, [])
  return proceed(state, holding, atMs, [
    { kind: 'say', notice: { kind: 'replaying', pending } },
    { kind: 'rebuild', stream, range: pending },
  ])
}

function inPhase(state: DeliveryState, phase: Phase, effects: DeliveryEffect[]): DeliveryStep {
  return { state: { ...state, phase }, effects }
}
