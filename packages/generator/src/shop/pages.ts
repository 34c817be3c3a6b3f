import type { Call } from './call.js'
import { calls } from './calls.js'
import { Weighted } from '../draw/weighted.js'

/** Where a visitor can go: a page, or what a click on one does. */
export type PageName = keyof typeof nextWeights

/** What a visitor must have to enter a page. */
export type Need = 'cart' | 'signedIn' | 'admin'

/** A page, or what a click on one does: the requests that it takes and where visitors go from there. */
export interface Page {
  name: PageName
  /** The first request, which the visitor makes. */
  main: Call
  /** Requests that the page makes by itself right after, each with its probability. */
  followUps: readonly (readonly [Call, number])[]
  /** Median of how long visitors stay before they go on, in milliseconds. */
  thinkMs: number
  next: Weighted<PageName | 'leave'>
  /** Who lacks one of these is sent to where it can be had. */
  needs: readonly Need[]
}

/**
 * The walk through the shop: weights of where visitors go next. What needs an administrator is a category for all
 * others.
 */
const nextWeights = {
  home: { category: 17, adminOrders: 15, search: 24, product: 22, login: 8, account: 2, about: 1, leave: 13 },
  category: { product: 62, category: 18, search: 9, home: 3, leave: 8 },
  search: { product: 60, search: 22, category: 6, leave: 12 },
  product: { product: 30, addToCart: 13, category: 19, search: 11, cart: 4, home: 4, contact: 1, leave: 16 },
  addToCart: { cart: 40, product: 28, category: 15, search: 8, checkout: 6, leave: 3 },
  cart: { checkout: 48, changeCart: 10, removeFromCart: 8, coupon: 4, product: 12, category: 6, leave: 20 },
  changeCart: { cart: 55, checkout: 40, leave: 5 },
  removeFromCart: { cart: 60, product: 30, leave: 10 },
  coupon: { checkout: 65, cart: 30, leave: 5 },
  login: { signIn: 94, leave: 6 },
  signIn: { home: 30, category: 25, search: 15, account: 12, product: 15, leave: 3 },
  signOut: { leave: 92, home: 8 },
  checkout: { address: 72, pay: 18, cart: 5, leave: 5 },
  address: { pay: 88, checkout: 6, leave: 6 },
  pay: { order: 75, home: 5, signOut: 5, leave: 15 },
  order: { leave: 45, signOut: 20, home: 15, account: 10, category: 10 },
  account: { order: 25, home: 22, signOut: 18, category: 20, leave: 15 },
  contact: { sendMessage: 55, home: 20, leave: 25 },
  sendMessage: { home: 40, leave: 60 },
  about: { home: 50, contact: 15, leave: 35 },
  adminOrders: { adminOrders: 40, adminProduct: 30, home: 10, signOut: 10, leave: 10 },
  adminProduct: { adminOrders: 55, adminProduct: 25, leave: 20 },
}

/** Requests that pages make by themselves, each with its probability. */
const followUps: { [name in PageName]?: { [call in keyof typeof calls]?: number } } = {
  home: { recommendations: 0.8, cartBadge: 0.5 },
  category: { promotions: 0.4 },
  search: { suggestions: 0.7 },
  product: { reviews: 0.75, recommendations: 0.6, stock: 0.5 },
  addToCart: { cartBadge: 1 },
  cart: { recommendations: 0.5 },
  signIn: { profile: 1 },
  checkout: { shippingOptions: 0.8 },
  pay: { receipt: 0.9 },
  account: { orderList: 0.7 },
}

const needs: { [name in PageName]?: Need[] } = {
  cart: ['cart'],
  changeCart: ['cart'],
  removeFromCart: ['cart'],
  coupon: ['cart'],
  checkout: ['cart', 'signedIn'],
  address: ['cart', 'signedIn'],
  pay: ['cart', 'signedIn'],
  order: ['signedIn'],
  account: ['signedIn'],
  signOut: ['signedIn'],
  adminOrders: ['admin', 'signedIn'],
  adminProduct: ['admin', 'signedIn'],
}

/** Medians of how long visitors stay, in seconds: forms take long, clicks are short. */
const thinkS: Record<PageName, number> = {
  home: 6,
  category: 9,
  search: 7,
  product: 16,
  addToCart: 4,
  cart: 9,
  changeCart: 3,
  removeFromCart: 3,
  coupon: 5,
  login: 9,
  signIn: 3,
  signOut: 2,
  checkout: 22,
  address: 15,
  pay: 5,
  order: 9,
  account: 9,
  contact: 20,
  sendMessage: 4,
  about: 12,
  adminOrders: 12,
  adminProduct: 8,
}

/** All pages by name. */
export const pages = Object.fromEntries(
  (Object.keys(nextWeights) as PageName[]).map((name): [PageName, Page] => [name, page(name)]),
) as Record<PageName, Page>

function page(name: PageName): Page {
  return {
    name,
    main: calls[name],
    followUps: entriesOf(followUps[name] ?? {}).map(([call, probability]) => [calls[call], probability]),
    thinkMs: thinkS[name] * 1_000,
    next: new Weighted(entriesOf<PageName | 'leave'>(nextWeights[name])),
    needs: needs[name] ?? [],
  }
}

function entriesOf<K extends string>(numbers: { [key in K]?: number }): [K, number][] {
  return Object.entries(numbers) as [K, number][]
}
