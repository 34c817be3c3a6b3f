import type { Random } from './random.js'

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
const spread = { db: 0.85, slowDb: 0.2, server: 0.5, network: 0.4 }

/** How often a query misses the cache or waits for a lock, and how many times longer it takes then. */
const slowQuery = { probability: 0.03, factorMin: 15, factorMax: 90 }

const normalsCount = 8192

/** Draws response times: each part is lognormal around its median, and now and then a query is slow. */
export class LatencyModel {
  readonly #random: Random
  /** Standard normal numbers, drawn once: looking one up costs a tenth of making it. */
  readonly #normals: Float64Array

  constructor(random: Random) {
    this.#random = random
    this.#normals = Float64Array.from({ length: normalsCount }, () => normal(random))
  }

  /** The parts of one request's response time. */
  draw(profile: LatencyProfile, networkMs: number): Latency {
    const slow = this.#random.chance(slowQuery.probability)
    const factor = slow ? this.#random.between(slowQuery.factorMin, slowQuery.factorMax) : 1
    return {
      dbUs: roundToTens(this.lognormalUs(profile.dbMs * factor, slow ? spread.slowDb : spread.db)),
      serverUs: roundToTens(this.lognormalUs(profile.serverMs, spread.server)),
      networkUs: roundToTens(this.lognormalUs(networkMs, spread.network)),
    }
  }

  /** A lognormal duration around a median in milliseconds, in whole microseconds. */
  lognormalUs(medianMs: number, deviation: number): number {
    const normal = this.#normals[this.#random.below(normalsCount)] ?? 0
    return Math.round(medianMs * 1_000 * Math.exp(deviation * normal))
  }
}

function roundToTens(us: number): number {
  return Math.max(1, Math.round(us / 10)) * 10
}

/** Box and Muller's way to a standard normal number. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.unit()))
  return radius * Math.cos(2 * Math.PI * random.unit())
}
