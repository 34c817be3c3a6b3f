import { crowd } from '../crowd.js'
import { defineKind, strength } from '../kind.js'

const newsletter = 'utm_source=newsletter&utm_medium=email&utm_campaign=flash-sale'
const partner = 'https://www.instagram.com/'
/** This share comes straight to put something into their cart. */
const cartShare = 0.35

/** A sale of an hour or two: two or three times the visitors, and more carts than usual. */
export const flashSale = defineKind({
  harmless: true,
  lastsS: [3_600, 7_200],
  hours: [9, 20],
  parameters: { factor: strength(1, 20) },
  plan: (given, random) => {
    const factor = given.factor ?? random.between(2, 3)
    return {
      detail: `visitors × ${factor.toFixed(1)}, more carts`,
      begin: (stage) => {
        const { random } = stage.shop
        const arrival = () =>
          random.chance(cartShare)
            ? { landing: 'addToCart' as const, query: '', referrer: partner }
            : { landing: 'product' as const, query: newsletter }
        return { others: [crowd(stage, factor - 1, arrival)] }
      },
    }
  },
})
