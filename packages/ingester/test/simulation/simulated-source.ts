import type { SequenceRange } from '@pulsehouse/platform'
import type { DeliveryNews } from '../../src/delivery/delivery-event.js'
import type { SimulatedStream } from './simulated-stream.js'
import type { World } from './world.js'

/** A range with the ids of the chunks that were read for it. */
export interface SimulatedBatch {
  range: SequenceRange
  ids: readonly number[]
}

const chunksMax = 4
/** How long a batch takes to be made, milliseconds. */
const makingMs = { min: 150, max: 400 } as const

/** Cuts a stream into batches by chance: nothing else may depend on where they end. */
export class SimulatedSource {
  readonly #world: World
  readonly #stream: SimulatedStream
  readonly #tell: (news: DeliveryNews, batch?: SimulatedBatch) => void
  #next: number
  #isWaiting = false
  #isStopped = false

  constructor(world: World, from: number, tell: (news: DeliveryNews, batch?: SimulatedBatch) => void) {
    this.#world = world
    this.#stream = world.stream
    this.#next = from
    this.#tell = tell
  }

  makeNext(): void {
    const { random, timeline } = this.#world
    timeline.after(random.between(makingMs.min, makingMs.max), () => this.#make())
  }

  stop(): void {
    this.#isStopped = true
    if (this.#isWaiting) this.#make()
  }

  #make(): void {
    this.#isWaiting = false
    const { random, faults } = this.#world
    const stream = this.#stream
    if (stream.isClosed) return this.#tell({ kind: 'failed', during: 'read', failure: gone })
    const available = stream.lastSeq - this.#next + 1
    if (faults.strikes('readingBroken') || (available <= 0 && this.#isStopped))
      return this.#tell({ kind: 'readingEnded' })
    if (available <= 0) {
      this.#isWaiting = true
      return stream.onNext(() => {
        if (this.#isWaiting) this.#make()
      })
    }
    const first = this.#next
    const last = first + random.between(1, Math.min(available, chunksMax)) - 1
    this.#next = last + 1
    const ids = stream.ids.slice(first - 1, last)
    this.#tell({ kind: 'prepared', range: { first, last } }, { range: { first, last }, ids })
  }
}

const gone = { kind: 'retry', why: 'the stream is gone' } as const
