import type { IngestState, SequenceRange } from '@pulsehouse/platform'

/**
 * What a failure means. `retry` may be mended by trying again, `crowded` too, but later and slower, and `permanent` only
 * by a person.
 */
export type FailureKind = 'retry' | 'crowded' | 'permanent'

/** A failure as it was judged. */
export interface Failure {
  kind: FailureKind
  /** One sentence for a person. */
  why: string
}

/** What tells a stream from one that was deleted and made anew, and what is still in it. */
export interface StreamFound {
  /** When it was made, ISO 8601. */
  created: string
  createdSeconds: number
  /** The oldest chunk that it still has; the one to come where it has none. */
  firstSeq: number
  /** The newest chunk that it has had, 0 where there has been none. */
  lastSeq: number
}

/** Effects whose failure is told as such. */
export type FailedEffect = 'open' | 'load' | 'recall' | 'rebuild' | 'read'

/** What can happen to a delivery. An answer names the session whose effect it answers; older ones say nothing. */
export type DeliveryEvent = { atMs: number; session: number } & DeliveryNews

/** What an event says, apart from when. */
export type DeliveryNews =
  /** A moment that an effect `wait` has asked for has come. */
  | { kind: 'tick' }
  /** The process is to end. */
  | { kind: 'stop' }
  /** The tables are proved, the stream is there, the state can be reached. */
  | { kind: 'opened'; stream: StreamFound }
  /** The state as it was at some moment after `sentAtMs`. */
  | { kind: 'loaded'; entry: IngestState | undefined; revision: number; sentAtMs: number }
  /** The last range that the ledger has of this stream, and what the stream was like after that was asked. */
  | { kind: 'recalled'; last: SequenceRange | undefined; stream: StreamFound }
  | { kind: 'written'; revision: number }
  /** The state was not written, or nobody knows: somebody else was first, or no answer came. */
  | { kind: 'writeUnsettled'; why: string }
  /** The next batch is ready to be inserted. */
  | { kind: 'prepared'; range: SequenceRange }
  /** The pending range has been read again and is ready to be inserted. */
  | { kind: 'rebuilt'; range: SequenceRange }
  /** The stream no longer has all of the pending range. */
  | { kind: 'rangeGone' }
  /** There will be no further batch. */
  | { kind: 'readingEnded' }
  /** Every table has confirmed the whole batch. */
  | { kind: 'inserted'; range: SequenceRange }
  /** Not confirmed; parts of it, or all of it, may be stored, now or later. */
  | { kind: 'insertFailed'; failure: Failure }
  /** What the stream is like now; `crowded` when producers would soon have to wait. */
  | { kind: 'surveyed'; streamCreated: string; crowded: boolean }
  | { kind: 'surveyFailed' }
  | { kind: 'purged'; through: number }
  /** Any other effect that could not be carried out. */
  | { kind: 'failed'; during: FailedEffect; failure: Failure }
