import { openBlockInserter, type BlockInserter } from '@pulsehouse/platform'
import { setTimeout as delay } from 'node:timers/promises'
import { makeBatch, rowsOf, type Day } from './chaos-batch.js'

const retryWithinMs = 60_000
const refusedPauseMs = 50

/** What the writers have sent so far. */
export interface Sent {
  /** Batches 1 to this one have been sent at least once. */
  lastBatch: number
  /** Those of them whose outcome is unknown. */
  unacknowledged: ReadonlySet<number>
  acknowledgedRows: number
  retries: number
}

/** Insert batches at the same time, each under its token, as the ingester does it. */
export class Writers {
  readonly #seed: number
  readonly #lastDay: Day
  readonly #inserter: BlockInserter
  readonly #unacknowledged = new Set<number>()
  #lastBatch = 0
  #acknowledgedRows = 0
  #retries = 0

  constructor(url: string, seed: number, lastDay: Day) {
    this.#seed = seed
    this.#lastDay = lastDay
    this.#inserter = openBlockInserter(url)
  }

  get sent(): Sent {
    return {
      lastBatch: this.#lastBatch,
      unacknowledged: this.#unacknowledged,
      acknowledgedRows: this.#acknowledgedRows,
      retries: this.#retries,
    }
  }

  /** Inserts new batches until told to stop; what could not be inserted stays unacknowledged. */
  async writeUntil(stop: AbortSignal, writers: number): Promise<void> {
    const write = async (): Promise<void> => {
      while (!stop.aborted) {
        const batch = (this.#lastBatch += 1)
        this.#unacknowledged.add(batch)
        if (!(await this.#insert(batch)) && !stop.aborted) await delay(refusedPauseMs)
      }
    }
    await Promise.all(Array.from({ length: writers }, write))
  }

  /** Sends every unacknowledged batch again, under its token, until it is acknowledged or told to stop. @throws at its deadline. */
  async retryUntil(stop: AbortSignal): Promise<void> {
    const deadline = Date.now() + retryWithinMs
    await Promise.all(
      [...this.#unacknowledged].map(async (batch) => {
        while (!stop.aborted) {
          this.#retries += 1
          if (await this.#insert(batch)) return
          if (Date.now() > deadline)
            throw new Error(`Batch ${batch} was not taken within ${retryWithinMs / 1000} s of retries.`)
          if (!stop.aborted) await delay(refusedPauseMs)
        }
      }),
    )
  }

  close(): void {
    this.#inserter.close()
  }

  async #insert(batch: number): Promise<boolean> {
    try {
      await this.#inserter.insert(
        'logs',
        makeBatch(this.#seed, batch, this.#lastDay),
        `${this.#seed}:${batch}`,
      )
    } catch {
      return false
    }
    this.#unacknowledged.delete(batch)
    this.#acknowledgedRows += rowsOf(this.#seed, batch)
    return true
  }
}
