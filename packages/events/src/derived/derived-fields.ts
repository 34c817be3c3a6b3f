import type { ProtectedEvent } from '../privacy/protect.js'
import { agentOf } from './agent.js'
import { endpointOf } from './endpoint.js'
import { referrerDomainOf } from './referrer.js'

/** Fields that no event carries but every stored one has, and how each follows from the protected event; '' is none. */
export const derivedFields = {
  endpoint: ({ url }: ProtectedEvent): string => (url === undefined ? '' : endpointOf(url)),
  referrer_domain: ({ referrer_url: referrer }: ProtectedEvent): string => referrerDomainOf(referrer),
  browser: ({ user_agent: agent }: ProtectedEvent): string => agentOf(agent).browser,
  os: ({ user_agent: agent }: ProtectedEvent): string => agentOf(agent).os,
  device: ({ user_agent: agent }: ProtectedEvent): string => agentOf(agent).device,
} as const
