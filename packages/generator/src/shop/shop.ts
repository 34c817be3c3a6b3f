import { base, en, Faker } from '@faker-js/faker'
import { createArrivals, type Arrival } from './arrivals.js'
import { createAssortment, type Assortment } from './assortment.js'
import { Ids } from '../traffic/ids.js'
import { LatencyModel } from './latency.js'
import { createPopulation, type Population } from './population.js'
import { Random } from '../draw/random.js'
import type { Weighted } from '../draw/weighted.js'

/** What all visits share. */
export interface Shop {
  random: Random
  ids: Ids
  latency: LatencyModel
  assortment: Assortment
  population: Population
  arrivals: Weighted<Arrival>
  /** Number of the order that is placed now. */
  nextOrder: () => number
  /** Number of some order of the past. */
  pastOrder: () => number
}

/** Order numbers that the everyday never reaches begin here. */
const othersOrders = 500_000_000

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

/**
 * The same shop to people who are no part of its everyday: their draws, ids and orders are their own, so that
 * everybody else's visits stay as they would be without them.
 */
export function shopForOthers(shop: Shop, random: Random): Shop {
  let lastOrder = othersOrders + random.below(othersOrders)
  return {
    ...shop,
    random,
    ids: new Ids(random),
    latency: new LatencyModel(random),
    nextOrder: () => (lastOrder += 1),
    pastOrder: () => lastOrder - random.below(5_000),
  }
}
