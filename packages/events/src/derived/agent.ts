import Bowser from 'bowser'
import { isbot } from 'isbot'

/** What a user agent says of the client; empty where it says nothing. */
export interface Agent {
  browser: string
  os: string
  /** desktop, mobile, tablet, tv or bot. */
  device: string
}

const unknown: Agent = { browser: '', os: '', device: '' }
const remembered = new Map<string, Agent>()
const rememberedMax = 20_000
/** Agents longer than this are nobody's browser; the parser is not fed with them. */
const agentCharsMax = 1_024

/** Derives browser, system and device from a user agent. Agents repeat, so answers are remembered. */
export function agentOf(userAgent: string | undefined): Agent {
  if (userAgent === undefined || userAgent.length > agentCharsMax) return unknown
  const known = remembered.get(userAgent)
  if (known !== undefined) return known
  if (remembered.size >= rememberedMax) remembered.clear()
  const agent = parse(userAgent)
  remembered.set(userAgent, agent)
  return agent
}

function parse(userAgent: string): Agent {
  const { browser, os, platform } = Bowser.parse(userAgent)
  return {
    browser: browser.name ?? '',
    os: os.name ?? '',
    device: isbot(userAgent) ? 'bot' : (platform.type ?? ''),
  }
}
