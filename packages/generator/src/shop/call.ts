import type { Category, Product, SearchTerm } from './assortment.js'
import { describeDeed, type Action, type Deed } from './deed.js'
import type { LatencyProfile } from './latency.js'
import { outcomes, serverErrors, type Outcome } from './outcome.js'
import type { ServiceName } from './servers.js'
import { Weighted } from '../draw/weighted.js'

/** What a request changes in the visit when it succeeds. */
export type Effect = 'signIn' | 'signOut' | 'add' | 'change' | 'remove' | 'order'

/** What the addresses of requests are made of. */
export interface Visit {
  product: Product
  category: Category
  searchTerm: SearchTerm
  orderNumber: number
  /** Which page of a list, from 1. */
  resultPage: number
  /** Which line of the cart, from 1. */
  cartLine: number
}

/** One endpoint of the shop: who answers what, how long it takes and how it ends. */
export interface Call {
  service: ServiceName
  deed: Deed
  url: (visit: Visit) => string
  latency: LatencyProfile
  endings: Weighted<Outcome>
  effect: Effect | undefined
  /** Whether the event names the product that the visit is at. */
  namesProduct: boolean
  /** Whether the event is a step of the checkout. */
  ofCheckout: boolean
}

/** How many of a thousand requests end other than well. */
export interface Troubles {
  notModified?: number
  notFound?: number
  forbidden?: number
  unauthorized?: number
  broken?: number
}

/** What most calls have in common and some have not. */
export interface CallExtras extends Troubles {
  effect?: Effect
  namesProduct?: boolean
  ofCheckout?: boolean
}

/** What a kind of request is: its method and action, and how it ends when it ends well. */
export interface Sending {
  deed: Deed
  good: Outcome
}

/** Describes a kind of request. */
export function sending(method: Deed['method'], action: Action, good: Outcome): Sending {
  return { deed: describeDeed(method, action), good }
}

const viewing = sending('GET', 'view_page', outcomes.ok)

/** A request that shows something. Latency is the medians of the database's and the server's milliseconds. */
export function view(
  service: ServiceName,
  latencyMs: [number, number],
  url: Call['url'],
  extras?: CallExtras,
): Call {
  return send(service, viewing, latencyMs, url, extras)
}

/** A request that changes something. */
export function send(
  service: ServiceName,
  { deed, good }: Sending,
  [dbMs, serverMs]: [number, number],
  url: Call['url'],
  { effect, namesProduct = false, ofCheckout = false, ...troubles }: CallExtras = {},
): Call {
  const latency = { dbMs, serverMs }
  return {
    service,
    deed,
    url,
    latency,
    endings: endings(good, troubles),
    effect,
    namesProduct,
    ofCheckout,
  }
}

/** Weights of how a call ends: what is left of a thousand goes well. */
function endings(good: Outcome, troubles: Troubles): Weighted<Outcome> {
  const { notModified = 0, notFound = 0, forbidden = 0, unauthorized = 0, broken = 7 } = troubles
  const well = 1_000 - notModified - notFound - forbidden - unauthorized - broken
  return new Weighted<Outcome>([
    [good, well],
    [outcomes.notModified, notModified],
    [outcomes.notFound, notFound],
    [outcomes.forbidden, forbidden],
    [outcomes.unauthorized, unauthorized],
    ...serverErrors.map((error) => [error, broken / serverErrors.length] as const),
  ])
}
