import { Agenda } from './agenda.js'
import type { RateCurve } from './day-curve.js'
import type { Disturbance } from './disturbance.js'
import type { ShopEvent } from './shop-event.js'
import type { User } from '../shop/population.js'
import { Session } from './session.js'
import type { Shop } from '../shop/shop.js'

/** What was planted where: a line of the ground truth. */
export interface Planted {
  event: ShopEvent
  kind: string
}

/** Events, one after the other in the order of time. */
export interface EventSource {
  /** When the next event happens, in microseconds since 1970. */
  readonly nextAtUs: number
  next: () => ShopEvent
  /** Lets the shop stand still, so that the next event happens at this moment or later. */
  skipTo: (atUs: number) => void
}

/** What traffic is made of. */
export interface TrafficParts {
  shop: Shop
  /** When the first events happen, in microseconds since 1970. */
  startUs: number
  /** Events a second on average over a day. */
  ratePerS: number
  curve: RateCurve
  disturbances: readonly Disturbance[]
  /** Told of every planted anomaly, right after its event was drawn. */
  onPlanted: (planted: Planted) => void
}

/** How often the number of visitors is brought up to what the hour asks for. */
const refillUs = 250_000

/** The shop has been open for this long before the first event, so that visits of every age are going on. */
const warmUpUs = 120_000_000
const warmUpEventsMax = 1_000_000

/** Sessions that are simulated to learn how many events one visitor makes in a second. */
const trialSessions = 3_000

/** A user who is in the shop already is passed over this often. */
const userTries = 4

/**
 * Endless traffic of the shop, event after event in the order of time. The rate comes from the number of visitors:
 * so many are kept in the shop that their clicks add up to what the hour asks for.
 */
export class Traffic implements EventSource {
  readonly #parts: TrafficParts
  /** Sessions by the time of their next request. */
  readonly #agenda = new Agenda<Session>()
  readonly #eventsAVisitorPerS: number
  #nextRefillUs: number
  /** How far the shop's time has been moved by `skipTo`. */
  #shiftUs = 0

  constructor(parts: TrafficParts) {
    this.#parts = parts
    this.#eventsAVisitorPerS = this.#measureVisitors()
    const lengthUs = Math.min(warmUpUs, Math.round((warmUpEventsMax / parts.ratePerS) * 1e6))
    this.#nextRefillUs = parts.startUs - lengthUs
    this.#refill(lengthUs)
    while (this.nextAtUs < parts.startUs) this.#advance()
  }

  /** When the next event happens, in microseconds since 1970. */
  get nextAtUs(): number {
    return this.#agenda.nextAt + this.#shiftUs
  }

  /** How many people are in the shop. */
  get visitors(): number {
    return this.#agenda.size
  }

  /** Draws the next event. */
  next(): ShopEvent {
    const event = this.#advance()
    for (const disturbance of this.#parts.disturbances) {
      const kind = disturbance.apply(event)
      if (kind !== undefined) this.#parts.onPlanted({ event, kind })
    }
    return event
  }

  /** Lets the shop stand still, so that the next event happens at a later moment than it would have. */
  skipTo(atUs: number): void {
    this.#shiftUs += Math.max(0, atUs - this.nextAtUs)
  }

  #advance(): ShopEvent {
    const agenda = this.#agenda
    const session = agenda.first
    if (session === undefined) throw new Error('Nobody is in the shop; this is a bug of the generator.')
    const atUs = agenda.nextAt
    const event = session.request(atUs + this.#shiftUs)
    if (session.gapUs === Infinity) {
      agenda.removeFirst()
      session.user.inShop = false
    } else {
      agenda.postponeFirst(atUs + session.gapUs)
    }
    while (agenda.nextAt >= this.#nextRefillUs) this.#refill()
    return event
  }

  /** Lets new visitors in over a coming span, as many as have left and as the hour asks for. */
  #refill(spanUs = refillUs): void {
    const { curve, ratePerS, shop } = this.#parts
    const fromUs = this.#nextRefillUs
    const eventsPerS = ratePerS * curve(fromUs + this.#shiftUs)
    const visitors = Math.max(1, Math.round(eventsPerS / this.#eventsAVisitorPerS))
    while (this.#agenda.size < visitors) {
      this.#agenda.add(fromUs + shop.random.below(spanUs), this.#newSession())
    }
    this.#nextRefillUs = fromUs + refillUs
  }

  #newSession(): Session {
    const { shop } = this.#parts
    const user = this.#newVisitor()
    user.inShop = true
    return new Session(shop, user, shop.arrivals.pick(shop.random))
  }

  #newVisitor(): User {
    const { population, random } = this.#parts.shop
    let user = population.visitors.pick(random)
    for (let tries = 1; user.inShop && tries < userTries; tries += 1) user = population.visitors.pick(random)
    return user
  }

  /** Events that one visitor makes in a second, on average. */
  #measureVisitors(): number {
    let events = 0
    let spanUs = 0
    for (let trial = 0; trial < trialSessions; trial += 1) {
      const session = this.#newSession()
      for (session.gapUs = 0; session.gapUs !== Infinity; events += 1) {
        spanUs += session.gapUs
        session.request(0)
      }
      session.user.inShop = false
    }
    return events / (spanUs / 1e6)
  }
}
