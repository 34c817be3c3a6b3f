import type { IngestState } from '@pulsehouse/platform'

/** The entry that says how far the ingester has come, replaced by compare-and-swap. */
export class SimulatedState {
  entry: IngestState | undefined
  revision = 0
  /** The revision of the last write into the bucket that there is. */
  #last = 0
  readonly #isFenced: boolean

  /** @param isFenced whether a write that names an old revision is refused. */
  constructor(isFenced: boolean) {
    this.#isFenced = isFenced
  }

  /** Replaces the entry; undefined where somebody else was first. */
  replace(entry: IngestState, revision: number): number | undefined {
    if (this.#isFenced && revision !== this.revision) return undefined
    this.entry = entry
    this.#last += 1
    this.revision = this.#last
    return this.revision
  }

  /** Loses the entry with its bucket. @param firstRevision where the next bucket begins to count. */
  lose(firstRevision: number): void {
    this.entry = undefined
    this.revision = 0
    this.#last = firstRevision
  }
}
