import type { IngestState, SequenceRange } from '@pulsehouse/platform'
import type { DeliveryNews } from '../../src/delivery/delivery-event.js'
import type { step } from '../../src/delivery/step.js'
import type { FaultCounts } from './faults.js'
import { Faults } from './faults.js'
import { openRandom, type Random } from './random.js'
import { SimulatedClickhouse, type Windows } from './simulated-clickhouse.js'
import { SimulatedIngester } from './simulated-ingester.js'
import { SimulatedState } from './simulated-state.js'
import { SimulatedStream } from './simulated-stream.js'
import { Timeline } from './timeline.js'

/** How the world and the ingester in it are; a mutant differs in one of these. */
export interface Variant {
  step: typeof step
  windows: Windows
  tokenOf: (created: string, range: SequenceRange) => string
  /** Whether a write of the state names the revision that it replaces. */
  isFenced: boolean
  /** Which chunks are read for a pending range. */
  rereads: (range: SequenceRange) => SequenceRange
  /** Where the revisions of a bucket begin that was made anew. */
  firstRevision: (random: Random) => number
  /** Whether each request of an insert looks at the lease before it is sent. */
  looksAtLease: boolean
}

/** Milliseconds after which a request without an answer has failed for its sender. */
const requestTimeoutMs = 1_500
/** The longest time a request takes to arrive: what comes later, the server has closed the connection of. */
const arrivalMaxMs = 4_000
/** How often the world itself may lose something. */
const mischiefEveryMs = 400

/** All that there is in one schedule. */
export class World {
  readonly variant: Variant
  readonly timeline = new Timeline()
  readonly random: Random
  readonly faults: Faults
  readonly clickhouse: SimulatedClickhouse
  readonly state: SimulatedState
  stream: SimulatedStream
  /** What went wrong that no schedule may bring about. */
  fault: string | undefined
  /** What happened, where it is wanted. */
  readonly trace: string[] | undefined
  ingesters: SimulatedIngester[] = []
  #streams = 1
  #started = 0
  /** Requests that have not arrived yet, or are being worked on. */
  #arriving = 0
  /** Those of them that insert. */
  #inserting = 0
  #chunks = 0
  #unpublished = 0
  /** Chunks of streams that are gone, which nobody had committed: each may be somewhere once, or nowhere. */
  readonly #mayMiss = new Set<number>()

  constructor(seed: number, variant: Variant, counts: FaultCounts, trace?: string[]) {
    this.variant = variant
    this.trace = trace
    this.random = openRandom(seed)
    this.faults = new Faults(this.random, counts)
    this.clickhouse = new SimulatedClickhouse(variant.windows)
    this.state = new SimulatedState(variant.isFenced)
    this.stream = new SimulatedStream(1)
    this.#publishAll()
    this.#doMischief()
    this.start(0)
    if (this.random.chance(0.5)) this.start(this.random.between(0, 2_000))
  }

  note(who: string, what: string, of: unknown): void {
    this.trace?.push(`${this.timeline.nowMs} ${who} ${what} ${JSON.stringify(of)}`)
  }

  /** Starts an ingester after a while. */
  start(afterMs: number): void {
    this.timeline.after(afterMs, () => {
      this.#started += 1
      const ingester = new SimulatedIngester(this, `ingester-${this.#started}`)
      this.ingesters.push(ingester)
      ingester.take({ kind: 'tick' })
    })
  }

  /** An ingester is no more; another one comes. */
  end(ingester: SimulatedIngester): void {
    this.ingesters = this.ingesters.filter((other) => other !== ingester)
    this.start(this.random.between(0, 2_000))
  }

  /**
   * Sends a request, which may be lost, late or refused, and whose reply may be lost.
   *
   * @param work does what is asked for, once it arrives, and replies when it is done.
   */
  request(
    kind: 'insert' | 'other',
    failed: DeliveryNews,
    answer: (news: DeliveryNews) => void,
    work: (reply: (news: DeliveryNews) => void) => void,
  ): void {
    const { faults, random, timeline } = this
    if (faults.strikes('refused')) return timeline.after(random.between(1, 20), () => answer(failed))
    if (faults.strikes('requestLost')) return timeline.after(requestTimeoutMs, () => answer(failed))
    const late = faults.strikes('requestLate')
    const unheard = faults.strikes('replyLost') || late
    const inserting = kind === 'insert' ? 1 : 0
    this.#arriving += 1
    this.#inserting += inserting
    const arrivesInMs = late ? random.between(requestTimeoutMs / 2, arrivalMaxMs) : random.between(1, 20)
    timeline.after(arrivesInMs, () =>
      work((news) => {
        this.#arriving -= 1
        this.#inserting -= inserting
        if (!unheard) timeline.after(random.between(1, 20), () => answer(news))
      }),
    )
    if (unheard) timeline.after(requestTimeoutMs, () => answer(failed))
  }

  /** Whether all is stored and said to be, and nothing is on its way. */
  get isQuiet(): boolean {
    const { entry } = this.state
    return (
      this.#inserting === 0 &&
      this.#unpublished === 0 &&
      entry?.streamCreated === this.stream.created &&
      entry.committed === this.stream.lastSeq &&
      entry.pending === null &&
      this.ingesters.every((ingester) => !ingester.isFrozen)
    )
  }

  /** What is not as it must be when all is quiet. */
  findFault(): string | undefined {
    for (let id = 0; id < this.#chunks; id += 1) {
      const fault = this.clickhouse.faultOf(id, this.#mayMiss.has(id))
      if (fault !== undefined) return fault
    }
    return undefined
  }

  #publishAll(): void {
    const { random } = this
    const count = random.chance(0.05) ? random.between(20, 40) : random.between(2, 10)
    for (let n = 0; n < count; n += 1) this.#publish(random.between(0, 3_000))
  }

  /** A chunk gets its id when it is sent first; one that is sent again has the same. */
  #publish(afterMs: number): void {
    this.#unpublished += 1
    this.timeline.after(afterMs, () => {
      this.#unpublished -= 1
      const id = this.#chunks
      this.#chunks += 1
      const { stream } = this
      stream.publish(id)
      if (this.faults.strikes('duplicateChunk'))
        this.timeline.after(this.random.between(1, 1_000), () => stream.publish(id))
    })
  }

  #doMischief(): void {
    this.timeline.after(mischiefEveryMs, () => {
      if (this.faults.calm) return
      if (this.#isNothingUnderWay() && this.faults.strikes('stateLost')) {
        this.note('world', 'state lost', null)
        this.state.lose(this.variant.firstRevision(this.random))
      }
      if (this.faults.strikes('streamMadeAnew')) this.#makeStreamAnew()
      this.#doMischief()
    })
  }

  /** Without the state nobody knows how a batch under way was cut, so that losing it then is not survived. */
  #isNothingUnderWay(): boolean {
    const { entry } = this.state
    return (
      this.#arriving === 0 &&
      this.ingesters.every((ingester) => ingester.isIdle) &&
      (entry === undefined || entry.pending === null || this.#isStored(entry, entry.pending))
    )
  }

  #isStored({ streamCreated }: IngestState, range: SequenceRange): boolean {
    if (streamCreated !== this.stream.created) return false
    const ids = this.stream.ids.slice(range.first - 1, range.last)
    return ids.every((id) => this.clickhouse.faultOf(id, false) === undefined)
  }

  #makeStreamAnew(): void {
    const { entry } = this.state
    const { stream } = this
    const committed = entry?.streamCreated === stream.created ? entry.committed : 0
    for (const id of stream.ids.slice(committed)) this.#mayMiss.add(id)
    this.#streams += 1
    this.stream = new SimulatedStream(this.#streams)
    this.note('world', 'stream made anew', this.stream.created)
    stream.close()
  }
}
