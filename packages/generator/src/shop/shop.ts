import { base, en, Faker } from '@faker-js/faker'
import { createArrivals, type Arrival } from './arrivals.js'
import { createAssortment, type Assortment } from './assortment.js'
import { Ids } from '../traffic/ids.js'
import { LatencyModel } from './latency.js'
import { createPopulation, type User } from './population.js'
import { Random } from '../draw/random.js'
import type { Weighted } from '../draw/weighted.js'

/** What all visits share. */
export interface Shop {
  random: Random
  ids: Ids
  latency: LatencyModel
  assortment: Assortment
  population: Weighted<User>
  arrivals: Weighted<Arrival>
  /** Number of the order that is placed now. */
  nextOrder: () => number
  /** Number of some order of the past. */
  pastOrder: () => number
}

/** Opens a shop: the same seed and number of users give the same shop. */
export function createShop(seed: number, usersCount: number): Shop {
  const faker = new Faker({ locale: [en, base], seed })
  const pools = new Random(seed, 1)
  const random = new Random(seed, 2)
  let lastOrder = 10_000 + random.below(90_000)
  return {
    random,
    ids: new Ids(random),
    latency: new LatencyModel(random),
    assortment: createAssortment(faker),
    population: createPopulation(faker, pools, usersCount),
    arrivals: createArrivals(faker),
    nextOrder: () => (lastOrder += 1),
    pastOrder: () => lastOrder - random.below(5_000),
  }
}
