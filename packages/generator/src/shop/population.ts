import type { Faker } from '@faker-js/faker'
import { inOnePiece } from '../lines/in-one-piece.js'
import { jsonFragment } from '../lines/fragment.js'
import type { Random } from '../draw/random.js'
import { createAgents } from './user-agents.js'
import { Weighted } from '../draw/weighted.js'

/** A customer of the shop: who, from where, with what. */
export interface User {
  id: string
  ipAddress: string
  userAgent: string
  authMethod: 'OAuth' | 'JWT' | 'Basic'
  authLevel: 'user' | 'admin'
  /** Median latency of the user's network, in milliseconds. */
  networkMs: number
  /** Id and address as a piece of JSON. */
  fragment: string
  /** The agent as a piece of JSON, which all its users share. */
  agentFragment: Uint8Array
  /** Whether a session of the user is going on; who is in the shop does not enter it a second time. */
  inShop: boolean
}

const adminShare = 0.004
const ipv6Share = 0.3
const authMethods = new Weighted<User['authMethod']>([
  ['OAuth', 55],
  ['JWT', 35],
  ['Basic', 10],
])

/** How often a user comes falls with the rank, as in Zipf's law; the first ranks are flattened. */
const activity = { flattening: 40, exponent: 0.7 }

/** Regional blocks from which providers give IPv6 addresses to homes and phones. */
const ipv6Blocks = ['2001', '2400', '2600', '2804', '2a01', '2a02', '2c0f'] as const

/** First octets that no client on the internet has, or that hold private ranges. */
export const unroutable = /^(?:0|10|100|127|169|172|192|198|203|22[4-9]|2[3-5]\d)\./

/** The shop's users. */
export interface Population {
  /** Those who come most often first. */
  users: readonly User[]
  /** Draws them by how often they come. */
  visitors: Weighted<User>
}

/** Makes the shop's users. */
export function createPopulation(faker: Faker, random: Random, count: number): Population {
  const agents = new Weighted(createAgents(faker, random))
  const users = Array.from({ length: count }, (_, rank): User => {
    const { userAgent, networkMs, fragment: agentFragment } = agents.pick(random)
    const id = `user_${rank + 1}`
    const ipAddress = random.chance(ipv6Share) ? homeIpv6(faker, random) : homeIpv4(faker)
    return {
      id,
      ipAddress,
      userAgent,
      authMethod: authMethods.pick(random),
      authLevel: random.chance(adminShare) ? 'admin' : 'user',
      networkMs: networkMs * random.between(0.6, 1.8),
      fragment: userFragment(id, ipAddress),
      agentFragment,
      inShop: false,
    }
  })
  const weights = users.map(
    (user, rank) => [user, (rank + activity.flattening) ** -activity.exponent] as const,
  )
  return { users, visitors: new Weighted(weights) }
}

/** A user's id and address, as a piece of JSON. */
export function userFragment(id: string, ipAddress: string): string {
  return inOnePiece(jsonFragment({ user_id: id, ip_address: ipAddress }))
}

function homeIpv4(faker: Faker): string {
  for (;;) {
    const address = faker.internet.ipv4()
    if (!unroutable.test(address)) return address
  }
}

function homeIpv6(faker: Faker, random: Random): string {
  return `${random.pick(ipv6Blocks)}${faker.internet.ipv6().slice(4)}`
}
