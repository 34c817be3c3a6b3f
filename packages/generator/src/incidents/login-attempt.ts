import { elsewhere, type Place } from './elsewhere.js'
import { request } from './request.js'
import { calls } from '../shop/calls.js'
import { member, stranger } from '../shop/identity.js'
import { outcomes } from '../shop/outcome.js'
import type { User } from '../shop/population.js'
import type { Shop } from '../shop/shop.js'
import type { ShopEvent } from '../traffic/shop-event.js'

/** Somebody tries a password for a user from a place. */
export interface LoginAttempt {
  atUs: number
  user: User
  from: Place
  succeeds: boolean
}

/** One attempt to sign in, in a session of its own as programs do it. A wrong password looks as a customer's does. */
export function loginAttempt(shop: Shop, { atUs, user, from, succeeds }: LoginAttempt): ShopEvent {
  const { ids } = shop
  const there = elsewhere(user, from)
  const sessionId = ids.next()
  const who = succeeds ? member(sessionId, there, ids.next()) : stranger(sessionId, there)
  const outcome = succeeds ? outcomes.ok : outcomes.unauthorized
  return request(shop, { atUs, who, outcome, call: calls.signIn })
}
