import type { Random } from '../draw/random.js'

/** How long an endpoint takes: the medians of its parts, in milliseconds. */
export interface LatencyProfile {
  dbMs: number
  serverMs: number
}

/** The parts of one response time, in whole tens of microseconds given in microseconds: 61,250 is 61.25 ms. */
export interface Latency {
  dbUs: number
  serverUs: number
  networkUs: number
}

/** Standard deviations of the logarithms: databases vary most. */
const deviations = { db: 0.85, slowDb: 0.2, server: 0.5, network: 0.4, followUp: 0.6, thinking: 0.7 }

/** What takes its time. */
type Kind = keyof typeof deviations

/** How often a query misses the cache or waits for a lock, and how many times longer it takes then. */
const slowQuery = { probability: 0.03, factorMin: 15, factorMax: 90 }

const factorsCount = 4_096

/** Draws durations: each is lognormal around its median, and now and then a query is slow. */
export class LatencyModel {
  readonly #random: Random
  /** Multiples of the median, drawn once: looking one up costs a tenth of making it. */
  readonly #factors: Readonly<Record<Kind, Float64Array>>

  constructor(random: Random) {
    this.#random = random
    const normals = Array.from({ length: factorsCount }, () => normal(random))
    const factors = (kind: Kind): Float64Array =>
      Float64Array.from(normals, (normal) => Math.exp(deviations[kind] * normal))
    this.#factors = {
      db: factors('db'),
      slowDb: factors('slowDb'),
      server: factors('server'),
      network: factors('network'),
      followUp: factors('followUp'),
      thinking: factors('thinking'),
    }
  }

  /** The parts of one request's response time. */
  draw({ dbMs, serverMs }: LatencyProfile, networkMs: number): Latency {
    const slow = this.#random.chance(slowQuery.probability)
    const factors = this.#factors
    return {
      dbUs: inTens(slow ? this.#around(this.#slowMs(dbMs), factors.slowDb) : this.#around(dbMs, factors.db)),
      serverUs: inTens(this.#around(serverMs, factors.server)),
      networkUs: inTens(this.#around(networkMs, factors.network)),
    }
  }

  /** The time from one request that a page makes by itself to the next, in microseconds. */
  followUpUs(medianMs: number): number {
    return Math.round(this.#around(medianMs, this.#factors.followUp))
  }

  /** How long a visitor stays on a page, in microseconds. */
  thinkUs(medianMs: number): number {
    return Math.round(this.#around(medianMs, this.#factors.thinking))
  }

  #slowMs(dbMs: number): number {
    return dbMs * this.#random.between(slowQuery.factorMin, slowQuery.factorMax)
  }

  /** A duration in microseconds around a median in milliseconds. */
  #around(medianMs: number, factors: Float64Array): number {
    return medianMs * 1_000 * (factors[this.#random.below(factorsCount)] ?? 1)
  }
}

function inTens(us: number): number {
  return Math.max(1, Math.round(us / 10)) * 10
}

/** Box and Muller's way to a standard normal number. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.unit()))
  return radius * Math.cos(2 * Math.PI * random.unit())
}
