import type { IngestState, SequenceRange } from '@pulsehouse/platform'
import type { StreamFound } from './delivery-event.js'
import type { PurgePlan } from './purge-plan.js'
import type { Timing } from './timing.js'

/** A state that belongs to another process, and since when we have seen no change. */
export interface Observation {
  revision: number
  sinceMs: number
}

/** Looks at the state until it is nobody's. */
export interface Watching {
  name: 'watching'
  stream: StreamFound
  /** The stream and the tables were looked at just before this look at the state: what is free may be claimed. */
  opened: boolean
  seen: Observation | undefined
  /** When to look again; undefined while an answer is awaited. */
  lookAtMs: number | undefined
}

/** How the state is kept: what is under way with it. */
export type Keeping =
  | { kind: 'settled' }
  | { kind: 'writing'; entry: IngestState; sentAtMs: number }
  /** A write's outcome is not known: the state is read. */
  | { kind: 'checking'; attempted: IngestState }
  | { kind: 'checkingLater'; attempted: IngestState; untilMs: number }
  /** A write was refused for another reason than its revision: the next one waits. */
  | { kind: 'pausing'; untilMs: number }

/** What is done with batches: one at a time. */
export type Work =
  | { kind: 'rebuilding'; range: SequenceRange }
  /** The pending range is not in the stream. If we still hold it, the ledger is asked whether it was stored. */
  | { kind: 'missing'; range: SequenceRange; sinceMs: number; isAsked: boolean }
  | { kind: 'idle'; sinceMs: number }
  /** The range must stand in the state as pending, by a write that was sent after `sinceMs`. */
  | { kind: 'announcing'; range: SequenceRange; sinceMs: number; failures: number }
  | { kind: 'inserting'; range: SequenceRange; failures: number }
  | { kind: 'backingOff'; range: SequenceRange; failures: number; untilMs: number }

/** Has claimed the stream, and works until somebody else has. */
export interface Holding {
  name: 'holding'
  stream: StreamFound
  /** The state as it was confirmed last. */
  entry: IngestState
  revision: number
  /** When the write was sent that was confirmed last: since then the lease is ours for certain. */
  leaseFromMs: number
  keeping: Keeping
  work: Work
  source: 'none' | 'reading' | 'ended'
  /** The batch that waits behind the one under way. */
  prepared: SequenceRange | undefined
  /** The last chunk whose batch is inserted; the state may not say so yet. */
  inserted: number
  purging: PurgePlan
  /** When to look at the stream next; undefined while an answer is awaited. */
  surveyAtMs: number | undefined
}

/** Where a delivery stands. */
export type Phase =
  | { name: 'resting'; untilMs: number; seen: Observation | undefined }
  | { name: 'opening'; seen: Observation | undefined }
  | Watching
  | { name: 'recalling'; stream: StreamFound; revision: number }
  | { name: 'claiming'; stream: StreamFound; entry: IngestState; sentAtMs: number }
  | Holding
  | { name: 'over' }

/** All that a delivery knows. Plain data: the same state and the same event always give the same step. */
export interface DeliveryState {
  /** Name of this process in the state; no other process ever has it. */
  owner: string
  timing: Timing
  /** Counts how often the stream was taken up. */
  session: number
  stopping: boolean
  phase: Phase
}

/** A delivery that has not begun; the first tick begins it. */
export function newDelivery(owner: string, timing: Timing): DeliveryState {
  const phase: Phase = { name: 'resting', untilMs: 0, seen: undefined }
  return { owner, timing, session: 0, stopping: false, phase }
}
