import { endpointOf } from '@pulsehouse/events'
import { z } from 'zod'
import { busyHours, defineKind, strength } from '../kind.js'
import { slowDown, type LatencyPart } from '../slow-down.js'

/** Endpoints with much to do, each with a part that takes a good share of its time, where a change of it is felt. */
const candidates = [
  { service: 'catalog', endpoint: '/products/{id}', part: 'server' },
  { service: 'catalog', endpoint: '/api/recommendations', part: 'db' },
  { service: 'catalog', endpoint: '/api/products/{id}/reviews', part: 'db' },
  { service: 'catalog', endpoint: '/products', part: 'db' },
  { service: 'search', endpoint: '/search', part: 'db' },
  { service: 'web', endpoint: '/home', part: 'server' },
] as const

/** One endpoint becomes slow from one moment to the next: a query lost its index, a cache its use. */
export const latencyRegression = defineKind({
  harmless: false,
  lastsS: [1_200, 3_600],
  hours: busyHours,
  parameters: {
    endpoint: z.string().startsWith('/').optional(),
    part: z.enum(['db', 'server', 'network']).optional(),
    factor: strength(1, 100),
  },
  plan: (given, random) => {
    const drawn = random.pick(candidates)
    const endpoint = given.endpoint ?? drawn.endpoint
    const known = candidates.find((candidate) => candidate.endpoint === endpoint)
    const part: LatencyPart = given.part ?? known?.part ?? 'db'
    const factor = given.factor ?? random.between(2.5, 6)
    return {
      service: known?.service ?? '',
      endpoint,
      detail: `${part} time × ${factor.toFixed(1)}`,
      begin: () => ({
        change: (event) => {
          if (endpointOf(event.url) === endpoint) slowDown(event, [part], factor)
          return true
        },
      }),
    }
  },
})
