import type { IngestState, SequenceRange } from '@pulsehouse/platform'
import type { StreamFound } from './delivery-event.js'

/** What is worth a line of the log. */
export type Notice =
  | { kind: 'standingBy'; owner: string }
  | { kind: 'takingOver'; owner: string }
  | { kind: 'fenced'; owner: string }
  | { kind: 'stateLost'; committed: number }
  | { kind: 'streamMadeAnew' }
  | { kind: 'replaying'; pending: SequenceRange }
  | { kind: 'storedBefore'; pending: SequenceRange }
  | { kind: 'reading'; from: number }
  | { kind: 'insertFailed'; range: SequenceRange; waitMs: number; why: string }
  | { kind: 'restarting'; why: string }

/** What a delivery wants to be done. Each but `say`, `wait`, `stopReading` and the ends is answered by an event. */
export type DeliveryEffect =
  /** Prove the tables, make sure of the stream, and reach the state. */
  | { kind: 'open' }
  | { kind: 'load' }
  /** Ask the ledger for the last range of a stream. */
  | { kind: 'recall'; stream: StreamFound }
  /** Replace the state if its revision is still the given one. */
  | { kind: 'write'; entry: IngestState; revision: number }
  /** Make the batch of exactly these chunks of this stream. */
  | { kind: 'rebuild'; stream: StreamFound; range: SequenceRange }
  /** Begin to make batches; only one of them waits to be inserted. */
  | { kind: 'read'; stream: StreamFound; from: number }
  /** Make no further batch; those at hand are still told of. */
  | { kind: 'stopReading' }
  /** Insert the batch at hand under the token of its stream and range. */
  | { kind: 'insert'; stream: StreamFound; range: SequenceRange }
  /** Look what the stream is like. */
  | { kind: 'survey' }
  /** Delete the chunks of this stream up to this one. */
  | { kind: 'purge'; stream: StreamFound; through: number }
  /** Send a tick at this time; a later `wait` replaces an earlier one. */
  | { kind: 'wait'; untilMs: number }
  | { kind: 'say'; notice: Notice }
  /** A session is over: let go of its reading and its batches. */
  | { kind: 'leave' }
  /** All is settled. */
  | { kind: 'end' }
  /** A person is needed. */
  | { kind: 'giveUp'; why: string }
