import type { Random } from '../draw/random.js'
import { unroutable, userFragment, type User } from '../shop/population.js'
import type { Shop } from '../shop/shop.js'
import { agentFragment } from '../shop/user-agents.js'

/** Where requests come from, and what with. */
export interface Place {
  ipAddress: string
  userAgent: string
  /** Median latency of the network, in milliseconds. */
  networkMs: number
}

/** Programs that fetch pages, as they name themselves. */
export const programs: readonly string[] = [
  'python-requests/2.31.0',
  'Go-http-client/1.1',
  'okhttp/3.12.1',
  'curl/7.88.1',
  'Apache-HttpClient/4.5.14 (Java/11.0.21)',
  'axios/0.21.4',
]

/** An IPv4 address of a hoster. */
export function rentedAddress(random: Random): string {
  for (;;) {
    const address = [0, 0, 0, 0].map(() => 1 + random.below(254)).join('.')
    if (!unroutable.test(address)) return address
  }
}

/** Addresses of one network, all different. */
export function neighbours(random: Random, count: number): string[] {
  const network = rentedAddress(random).replace(/\d+$/, '')
  const first = 1 + random.below(254 - count)
  return Array.from({ length: count }, (_, index) => `${network}${first + index}`)
}

/** A browser such as the shop's users have. */
export function usualAgent({ population, random }: Shop): string {
  return random.pick(population.users).userAgent
}

/** A user as the shop sees them from another place than their own. */
export function elsewhere(user: User, { ipAddress, userAgent, networkMs }: Place): User {
  return {
    ...user,
    ipAddress,
    userAgent,
    networkMs,
    fragment: userFragment(user.id, ipAddress),
    agentFragment: agentFragment(userAgent),
  }
}

/** Somebody whom the shop has never seen: to it, a new visitor. */
export function newcomer({ population, random }: Shop, place: Place): User {
  const [pattern] = population.users
  if (pattern === undefined) throw new Error('The shop has no users; this is a bug of the generator.')
  const id = `user_${population.users.length + 1 + random.below(10_000_000)}`
  return elsewhere({ ...pattern, id, authLevel: 'user', inShop: false }, place)
}
