import Bowser from 'bowser'
import { isbot } from 'isbot'
import { remember } from '../remember.js'

/** What a user agent says of the client; empty where it says nothing. */
export interface Agent {
  browser: string
  os: string
  /** desktop, mobile, tablet, tv or bot. */
  device: string
}

const unknown: Agent = { browser: '', os: '', device: '' }
/** Agents longer than this are nobody's browser; the parser is not fed with them. */
const agentCharsMax = 1_024

const remembered = remember<Agent>(20_000, (userAgent) => {
  const { browser, os, platform } = Bowser.parse(userAgent)
  return {
    browser: browser.name ?? '',
    os: os.name ?? '',
    device: isbot(userAgent) ? 'bot' : (platform.type ?? ''),
  }
})

/** Derives browser, system and device from a user agent. Agents repeat, so answers are remembered. */
export function agentOf(userAgent: string | undefined): Agent {
  if (userAgent === undefined || userAgent === '' || userAgent.length > agentCharsMax) return unknown
  return remembered(userAgent)
}
