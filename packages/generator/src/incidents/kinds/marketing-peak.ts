import { crowd } from '../crowd.js'
import { defineKind, strength } from '../kind.js'

const campaign = {
  referrer: 'https://www.instagram.com/',
  query: 'utm_source=instagram&utm_medium=paid&utm_campaign=influencer',
}

/** A campaign brings visitors for hours, all of them by one link. */
export const marketingPeak = defineKind({
  harmless: true,
  lastsS: [7_200, 14_400],
  hours: [8, 19],
  parameters: { factor: strength(1, 20) },
  plan: (given, random) => {
    const factor = given.factor ?? random.between(1.5, 2.2)
    return {
      detail: `visitors × ${factor.toFixed(1)} by one campaign`,
      begin: (stage) => ({ others: [crowd(stage, factor - 1, () => campaign)] }),
    }
  },
})
