import type { Context } from 'hono'
import type { ApiEnv, ApiParts } from '../api.js'
import { may } from './needs.js'

/**
 * How much of people is seen: all there is; texts in which pseudonyms are masked; or, where the stack keeps clear
 * values, only fields of which it is known that nobody is in them.
 */
export const sights = ['all', 'masked', 'bare'] as const

/** How much of people is seen. */
export type Sight = (typeof sights)[number]

/** How much of people the key of a request sees. */
export function sightOf(context: Context<ApiEnv>, { protection }: Pick<ApiParts, 'protection'>): Sight {
  if (may(context, 'personal')) return 'all'
  return protection.mode === 'plain' ? 'bare' : 'masked'
}
