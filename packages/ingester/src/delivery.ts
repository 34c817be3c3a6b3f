import { setTimeout as delay } from 'node:timers/promises'
import {
  parseIngestState,
  StateConflict,
  type BlockInserter,
  type IngestState,
  type Logger,
  type LogStreamState,
  type StateStore,
} from '@pulsehouse/platform'
import type { Batch } from './batch.js'
import { failureKind } from './failure.js'
import { insertBatch } from './insert-batch.js'

/** What delivery works with. */
export interface DeliveryParts {
  store: StateStore
  inserter: BlockInserter
  log: Logger
  /** The last chunk of a stream that the ledger has, 0 if none: what is known when the state is lost. */
  ledgerEnd: (streamCreatedSeconds: number) => Promise<number>
  /** Ends the waiting between two attempts. */
  signal: AbortSignal
}

/** What tells a stream from one that was made anew. */
type Stream = Pick<LogStreamState, 'created' | 'createdSeconds'>

/** Wait between two attempts, in milliseconds, from the first to the longest. */
const retryWaitMs = { min: 200, max: 10_000 } as const

/**
 * The delivery contract: every chunk's rows are in ClickHouse exactly once, in the raw table and in every view.
 *
 *  1. `claim` writes our name into the state, by compare-and-swap. Whoever held it before fails at its next write.
 *  2. Before a batch is inserted, its range is written down as pending; the same write commits the range before it.
 *  3. The insert carries the token `stream created : first-last`. ClickHouse ignores a token that it knows, in the
 *     table and in the targets of the views, so a batch may be sent any number of times.
 *  4. After an unknown outcome the same batch is sent again. After a crash, the next `claim` finds the range pending,
 *     reads exactly that range again, which gives the same rows, and sends it under the same token.
 *  5. A range is committed only after all its inserts were confirmed; what is committed may leave the stream.
 *
 * If the state is lost and the stream is not, what the ledger lists counts as committed.
 *
 * A crash before 2 loses nothing, for the batch is still in the stream; between 2 and 5, step 4 repeats the insert.
 */
export class Delivery {
  readonly #parts: DeliveryParts
  #state: IngestState
  #revision: number
  /** The last chunk whose batch is inserted; the state may not say so yet. */
  #inserted = 0

  private constructor(parts: DeliveryParts, state: IngestState, revision: number) {
    this.#parts = parts
    this.#state = state
    this.#revision = revision
  }

  /** Takes over the stream, fencing out whoever had it. */
  static async claim(parts: DeliveryParts, stream: Stream, owner: string): Promise<Delivery> {
    const { value, revision } = await parts.store.load()
    const found = parseIngestState(value)
    const state = found?.streamCreated === stream.created ? found : await Delivery.#recall(parts, stream)
    const delivery = new Delivery(parts, state, revision)
    await delivery.#write({ ...state, owner })
    return delivery
  }

  /** The state of a stream that has none: it is new, or the state was lost. */
  static async #recall(parts: DeliveryParts, { created, createdSeconds }: Stream): Promise<IngestState> {
    const committed = await parts.ledgerEnd(createdSeconds)
    if (committed > 0) parts.log.warn({ committed }, 'the state is lost: going on where the ledger ends')
    return { streamCreated: created, owner: '', committed, pending: null }
  }

  /** How far everything is stored, and what is under way. */
  get state(): Readonly<IngestState> {
    return this.#state
  }

  /** Stores a batch, however often it takes. @throws when we are fenced out, or the failure is permanent. */
  async deliver(batch: Batch): Promise<void> {
    await this.#write({ ...this.#state, committed: this.#committable(), pending: batch.range })
    await this.insert(batch)
  }

  /** Inserts a batch whose range is pending already. */
  async insert(batch: Batch): Promise<void> {
    for (let waitMs: number = retryWaitMs.min; ; waitMs = Math.min(waitMs * 2, retryWaitMs.max)) {
      try {
        await insertBatch(this.#parts.inserter, batch, this.#state.streamCreated)
        this.#inserted = batch.range.last
        return
      } catch (error) {
        if (failureKind(error) === 'permanent' || this.#parts.signal.aborted) throw error
        const why = error instanceof Error ? error.message : String(error)
        this.#parts.log.warn(
          { range: batch.range, waitMs, why },
          'the insert failed: sending the same batch again',
        )
      }
      await wait(waitMs, this.#parts.signal)
    }
  }

  /** Writes down that what was inserted is done with, where no next batch does it. */
  async commit(): Promise<void> {
    if (this.#inserted <= this.#state.committed && this.#state.pending === null) return
    await this.#write({ ...this.#state, committed: this.#committable(), pending: null })
  }

  #committable(): number {
    return Math.max(this.#inserted, this.#state.committed)
  }

  async #write(state: IngestState): Promise<void> {
    try {
      this.#revision = await this.#parts.store.replace(state, this.#revision)
    } catch (error) {
      if (error instanceof StateConflict) await this.#settleConflict(state, error)
      else throw error
    }
    this.#state = state
  }

  /** A write whose answer was lost looks like somebody else's: it is ours if it says what we wrote. */
  async #settleConflict(state: IngestState, conflict: StateConflict): Promise<void> {
    const { value, revision } = await this.#parts.store.load()
    if (JSON.stringify(value) !== JSON.stringify(state)) throw conflict
    this.#revision = revision
  }
}

/** Waits, unless the part is told to stop. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
}
