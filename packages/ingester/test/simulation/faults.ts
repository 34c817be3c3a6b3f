import type { Random } from './random.js'

/** Everything that goes wrong, and how likely it is at each chance, where a schedule has it at all. */
const likelihoods = {
  /** The ingester dies between two effects. */
  crash: 0.01,
  /** It is stopped as by SIGSTOP, often for longer than a lease, and goes on as if nothing had been. */
  freeze: 0.01,
  /** It is told to end, and another one is started. */
  cleanStop: 0.004,
  requestLost: 0.03,
  /** What was asked for is done, and nobody is told. */
  replyLost: 0.04,
  /** A request arrives after its sender has given it up. */
  requestLate: 0.03,
  /** ClickHouse or NATS refuses: it is down, full, or too busy. */
  refused: 0.05,
  /** ClickHouse dies between two tables of one insert. */
  partialInsert: 0.08,
  /** The tables of one insert come one after the other, other inserts between them. */
  slowInsert: 0.2,
  /** A producer sends a chunk again that the queue has. */
  duplicateChunk: 0.2,
  readingBroken: 0.02,
  stateLost: 0.01,
  streamMadeAnew: 0.005,
} as const

/** A kind of fault. */
export type FaultKind = keyof typeof likelihoods

/** The kinds of faults. */
export const faultKinds = Object.keys(likelihoods) as FaultKind[]

/** How often each kind struck. */
export type FaultCounts = Record<FaultKind, number>

/** Counts that begin at zero. */
export function noFaults(): FaultCounts {
  return Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as FaultCounts
}

/** The faults of one schedule: some of the kinds, until they are switched off. */
export class Faults {
  calm = false
  readonly #random: Random
  readonly #rates: FaultCounts
  readonly #counts: FaultCounts

  constructor(random: Random, counts: FaultCounts) {
    this.#random = random
    this.#counts = counts
    this.#rates = noFaults()
    for (const kind of faultKinds)
      if (random.chance(0.4)) this.#rates[kind] = likelihoods[kind] * random.between(1, 4)
  }

  /** Whether this kind strikes now. */
  strikes(kind: FaultKind): boolean {
    if (this.calm || !this.#random.chance(this.#rates[kind])) return false
    this.#counts[kind] += 1
    return true
  }
}
