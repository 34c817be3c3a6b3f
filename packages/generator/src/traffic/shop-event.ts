import type { Product } from '../shop/assortment.js'
import type { Deed } from '../shop/deed.js'
import type { Identity } from '../shop/identity.js'
import type { Outcome } from '../shop/outcome.js'
import type { Server } from '../shop/servers.js'

/** One request of the shop, as a line is written from it. Disturbances may change it before. */
export interface ShopEvent {
  /** Microseconds since 1970. */
  atUs: number
  /** Lines write it as `idText` does, with `req_` before. */
  requestId: number
  /** Lines write it as `idText` does, with `corr_` before; one operation's events share it. */
  correlationId: number
  who: Identity
  deed: Deed
  /** Path and query. */
  url: string
  /** The page that led here: path and query of the shop's own, the whole address of others; absent for a direct entry. */
  referrer: string | undefined
  server: Server
  outcome: Outcome
  /** The parts of the response time, in microseconds, multiples of ten. */
  dbUs: number
  serverUs: number
  networkUs: number
  product: Product | undefined
  /** Items in the cart after the request. */
  cartSize: number | undefined
  checkoutStatus: 'pending' | 'completed' | 'failed' | undefined
}
