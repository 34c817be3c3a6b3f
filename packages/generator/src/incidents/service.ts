import { z } from 'zod'
import { servers, type ServiceName } from '../shop/servers.js'
import { Weighted } from '../draw/weighted.js'
import type { ShopEvent } from '../traffic/shop-event.js'

const serviceNames = Object.keys(servers) as ServiceName[]

/** One of the shop's services, which may be left out. */
export const serviceParameter = z.enum(serviceNames).optional()

/** Services by how much they have to do, so by how often they break; the sign-in is too small to show it. */
export const busyServices = new Weighted<ServiceName>([
  ['catalog', 45],
  ['search', 25],
  ['cart', 15],
  ['web', 10],
  ['checkout', 5],
])

/** Makes a function that tells whether a service answered a request; without a service, any. */
export function answeredBy(service: ServiceName | undefined): (event: ShopEvent) => boolean {
  if (service === undefined) return () => true
  const own = new Set(servers[service])
  return ({ server }) => own.has(server)
}
