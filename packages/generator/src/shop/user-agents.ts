import type { Faker } from '@faker-js/faker'
import { piece } from '../lines/byte-writer.js'
import { jsonFragment } from '../lines/fragment.js'
import type { Random } from '../draw/random.js'

/** A kind of device: how many of the users have one, how to know its agents, the median network latency. */
interface Device {
  share: number
  pattern: RegExp
  networkMs: number
}

/** Bots and browsers that nobody shops with, which faker draws as often as phones. */
const unusual = /bot|spider|MSIE|Trident|compatible/i

const devices: readonly Device[] = [
  { share: 0.31, pattern: /Android/, networkMs: 46 },
  { share: 0.29, pattern: /iPhone|iPad/, networkMs: 40 },
  { share: 0.25, pattern: /Windows/, networkMs: 21 },
  { share: 0.12, pattern: /Macintosh/, networkMs: 18 },
  { share: 0.03, pattern: /X11/, networkMs: 19 },
]
const agentsADevice = 40
const drawsMax = 2_000

/** A browser on a device, as it names itself, with its usual network latency. */
export interface Agent {
  userAgent: string
  networkMs: number
  /** How it names itself, as a piece of JSON. */
  fragment: Uint8Array
}

/** How an agent names itself, as a piece of JSON. */
export function agentFragment(userAgent: string): Uint8Array {
  return piece(jsonFragment({ user_agent: userAgent }))
}

/** Agents with their weights; on each kind of device the newest few browsers are the most common. */
export function createAgents(faker: Faker, random: Random): (readonly [Agent, number])[] {
  const drawn = Array.from({ length: drawsMax }, () => faker.internet.userAgent())
  const usual = drawn.filter((text) => !unusual.test(text))
  return devices.flatMap(({ share, pattern, networkMs }) =>
    usual
      .filter((text) => pattern.test(text))
      .slice(0, agentsADevice)
      .map((userAgent, rank) => {
        const fragment = agentFragment(userAgent)
        const agent = { userAgent, networkMs: networkMs * random.between(0.8, 1.3), fragment }
        return [agent, share / (rank + 2)] as const
      }),
  )
}
