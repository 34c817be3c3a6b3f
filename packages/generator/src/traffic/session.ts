import { landings, type Arrival } from '../shop/arrivals.js'
import type { Category, Product, SearchTerm } from '../shop/assortment.js'
import type { Call, Visit } from '../shop/call.js'
import { guest, member, stranger, type Identity } from '../shop/identity.js'
import { outcomes, serverErrors, type Outcome } from '../shop/outcome.js'
import { pages, type Page, type PageName } from '../shop/pages.js'
import type { User } from '../shop/population.js'
import { servers } from '../shop/servers.js'
import type { ShopEvent } from './shop-event.js'
import type { Shop } from '../shop/shop.js'
import { Weighted } from '../draw/weighted.js'

const quantities = new Weighted([
  [1, 84],
  [2, 12],
  [3, 4],
])
const wrongPasswords = new Weighted([
  [0, 900],
  [1, 70],
  [2, 20],
  [3, 10],
])
const signedInAtArrival = 0.4
const cartFromBefore = 0.15
const paymentDeclined = 0.05
const pagesMax = 150
const thinkMaxUs = 180_000_000

/** Median time from one request of a page to the next, in milliseconds. */
const followUpMs = 30

/** One visit to the shop by one user: a random walk from page to page that remembers what happened before. */
export class Session implements Visit {
  readonly user: User
  /** When the next request is due after the one before, in microseconds; infinity when the visitor has left. */
  gapUs = 0

  product: Product
  category: Category
  searchTerm: SearchTerm
  orderNumber: number
  resultPage = 1
  cartLine = 1

  readonly #shop: Shop
  readonly #id: number
  #who: Identity
  #page: Page
  #call: Call
  #followUp = -1
  #pagesLeft = pagesMax
  #correlationId = 0
  #referrer: string | undefined
  /** What the campaign adds to the first address. */
  #query: string
  #cartSize = 0
  /** What was put into the cart last: an order names one product. */
  #inCart: Product
  #wrongPasswords: number
  /** Where a visitor wanted to go when the shop asked to sign in. */
  #afterSignIn: PageName | undefined

  constructor(shop: Shop, user: User, arrival: Arrival) {
    const { random, assortment, ids } = shop
    this.user = user
    this.#shop = shop
    this.#id = ids.next()
    const remembered = random.chance(signedInAtArrival)
    this.#who = remembered ? member(this.#id, user, ids.next()) : guest(this.#id, user)
    if (remembered && random.chance(cartFromBefore)) this.#cartSize = 1 + random.below(4)
    this.#referrer = arrival.referrer
    this.#query = arrival.query
    this.#wrongPasswords = wrongPasswords.pick(random)
    this.product = assortment.products.pick(random)
    this.#inCart = this.product
    this.category = assortment.categories.pick(random)
    this.searchTerm = assortment.searchTerms.pick(random)
    this.orderNumber = shop.pastOrder()
    this.#page = this.#enter(arrival.landing ?? landings.pick(random))
    this.#call = this.#page.main
  }

  /** Makes the request that is due and decides what comes after it. */
  request(atUs: number): ShopEvent {
    const { random, ids, latency } = this.#shop
    const call = this.#call
    const outcome = this.#outcomeOf(call)
    const succeeded = outcome.statusCode < 400 && outcome !== outcomes.declined
    if (succeeded) this.#applyBefore(call)
    const { dbUs, serverUs, networkUs } = latency.draw(call.latency, this.user.networkMs)
    const event: ShopEvent = {
      atUs,
      requestId: ids.next(),
      correlationId: this.#correlationId,
      who: this.#whoMakes(call),
      deed: call.deed,
      url: this.#urlOf(call),
      referrer: this.#referrer,
      server: random.pick(servers[call.service]),
      outcome,
      dbUs,
      serverUs,
      networkUs,
      product: this.#productOf(call),
      cartSize: this.#cartSize > 0 || call.service === 'cart' ? this.#cartSize : undefined,
      checkoutStatus: call.ofCheckout ? checkoutStatus(call, succeeded) : undefined,
    }
    if (succeeded) this.#applyAfter(call, event.url)
    this.gapUs = this.#goOn(outcome) + dbUs + serverUs + networkUs
    return event
  }

  #outcomeOf(call: Call): Outcome {
    const { random } = this.#shop
    if (call.effect === 'signIn' && this.#wrongPasswords > 0) {
      this.#wrongPasswords -= 1
      return outcomes.unauthorized
    }
    if (call.effect === 'order' && random.chance(paymentDeclined)) return outcomes.declined
    return call.endings.pick(random)
  }

  #whoMakes(call: Call): Identity {
    if (call.effect !== 'signIn' || this.#signedIn) return this.#who
    return stranger(this.#id, this.user)
  }

  #productOf(call: Call): Product | undefined {
    if (call.effect === 'order') return this.#inCart
    return call.namesProduct ? this.product : undefined
  }

  #urlOf(call: Call): string {
    const url = call.url(this)
    if (this.#query === '') return url
    const tagged = `${url}${url.includes('?') ? '&' : '?'}${this.#query}`
    this.#query = ''
    return tagged
  }

  /** What the event already shows: the token after signing in, the size of the cart after a change of it. */
  #applyBefore(call: Call): void {
    const { random, ids } = this.#shop
    if (call.effect === 'signIn') this.#who = member(this.#id, this.user, ids.next())
    if (call.effect === 'add') {
      this.#cartSize += quantities.pick(random)
      this.#inCart = this.product
    }
    if (call.effect === 'change') this.#cartSize += this.#cartSize > 1 && random.chance(0.4) ? -1 : 1
    if (call.effect === 'remove') this.#cartSize -= 1
    if (call.effect === 'order') this.orderNumber = this.#shop.nextOrder()
  }

  /** What only later events show. */
  #applyAfter(call: Call, url: string): void {
    if (call.effect === 'signOut') this.#who = guest(this.#id, this.user)
    if (call.effect === 'order') this.#cartSize = 0
    if (call === this.#page.main && call.deed.method === 'GET') this.#referrer = url
  }

  /** Plans the next request; returns how long it takes the visitor to make it, in microseconds. */
  #goOn(outcome: Outcome): number {
    const { latency } = this.#shop
    const followUp = outcome.statusCode < 400 ? this.#nextFollowUp() : undefined
    if (followUp !== undefined) {
      this.#call = followUp
      return latency.followUpUs(followUpMs)
    }
    const next = this.#nextPage(outcome)
    if (next === 'leave' || --this.#pagesLeft === 0) return Infinity
    const thinkUs = Math.min(latency.thinkUs(this.#page.thinkMs), thinkMaxUs)
    this.#page = this.#enter(next)
    this.#call = this.#page.main
    return thinkUs
  }

  #nextFollowUp(): Call | undefined {
    const { followUps } = this.#page
    while (++this.#followUp < followUps.length) {
      const [call, probability] = followUps[this.#followUp] as [Call, number]
      if (this.#shop.random.chance(probability)) return call
    }
    return undefined
  }

  #nextPage(outcome: Outcome): PageName | 'leave' {
    const { random } = this.#shop
    const { name, next } = this.#page
    if (outcome === outcomes.unauthorized) return this.#afterRefusal()
    if (outcome === outcomes.declined) return random.chance(0.6) ? 'pay' : 'leave'
    if (outcome === outcomes.notFound && name === 'product') return random.chance(0.7) ? 'search' : 'leave'
    if (serverErrors.includes(outcome) && random.chance(0.2)) return 'leave'
    if (name === 'signIn' && this.#signedIn && this.#afterSignIn !== undefined) return this.#afterSignIn
    return next.pick(random)
  }

  /** After a wrong password most try again; after an expired token one has to sign in. */
  #afterRefusal(): PageName | 'leave' {
    if (this.#page.name !== 'signIn') {
      this.#who = guest(this.#id, this.user)
      this.#afterSignIn = this.#page.name
      return 'login'
    }
    return this.#shop.random.chance(0.9) ? 'signIn' : 'leave'
  }

  /** Opens a page, or the one that has to come before it, and chooses what it is about. */
  #enter(wanted: PageName): Page {
    const { random, ids, assortment } = this.#shop
    const name = this.#allowed(wanted)
    if (name === this.#afterSignIn) this.#afterSignIn = undefined
    this.#correlationId = ids.next()
    this.#followUp = -1
    this.resultPage = name === this.#page?.name && random.chance(0.6) ? this.resultPage + 1 : 1
    if (name === 'product' || name === 'adminProduct') this.product = assortment.products.pick(random)
    if (name === 'category' && this.resultPage === 1) this.category = assortment.categories.pick(random)
    if (name === 'search') this.searchTerm = assortment.searchTerms.pick(random)
    if (name === 'changeCart' || name === 'removeFromCart') this.cartLine = 1 + random.below(this.#cartSize)
    return pages[name]
  }

  #allowed(wanted: PageName): PageName {
    for (const need of pages[wanted].needs) {
      if (need === 'cart' && this.#cartSize === 0) return 'product'
      if (need === 'admin' && this.user.authLevel !== 'admin') return 'category'
      if (need === 'signedIn' && !this.#signedIn) {
        this.#afterSignIn = wanted
        return 'login'
      }
    }
    return wanted === 'login' && this.#signedIn ? 'category' : wanted
  }

  get #signedIn(): boolean {
    return this.#who.token !== undefined
  }
}

function checkoutStatus(call: Call, succeeded: boolean): ShopEvent['checkoutStatus'] {
  if (call.effect === 'order') return succeeded ? 'completed' : 'failed'
  return 'pending'
}
