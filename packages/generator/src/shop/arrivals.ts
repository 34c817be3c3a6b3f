import type { Faker } from '@faker-js/faker'
import type { PageName } from './pages.js'
import { Weighted } from '../draw/weighted.js'

/** How a visitor comes to the shop. */
export interface Arrival {
  /** The page with the link that was followed; absent when the address was typed or came from an application. */
  referrer?: string
  /** What a campaign adds to the address of the first page. */
  query: string
  /** Where the link leads; when absent, visitors arrive anywhere. */
  landing?: PageName
}

/** On which page visitors arrive. */
export const landings = new Weighted<PageName>([
  ['home', 46],
  ['product', 30],
  ['category', 13],
  ['search', 5],
  ['cart', 3],
  ['account', 2],
  ['about', 1],
])

/** Where visitors come from: engines, social networks, blogs of partners, newsletters, and directly. */
export function createArrivals(faker: Faker): Weighted<Arrival> {
  const blogs = faker.helpers.uniqueArray(() => faker.internet.domainName(), 8)
  const season = faker.helpers.arrayElement(['spring', 'summer', 'autumn', 'winter'])
  const newsletter = `utm_source=newsletter&utm_medium=email&utm_campaign=${season}-sale`
  return new Weighted<Arrival>([
    [{ query: '' }, 34],
    [{ referrer: 'https://www.google.com/', query: '' }, 27],
    [
      {
        referrer: 'https://www.google.com/',
        query: 'utm_source=google&utm_medium=cpc&utm_campaign=brand',
      },
      6,
    ],
    [{ referrer: 'https://www.bing.com/', query: '' }, 6],
    [{ referrer: 'https://duckduckgo.com/', query: '' }, 3],
    [{ referrer: 'https://www.instagram.com/', query: 'utm_source=instagram&utm_medium=social' }, 5],
    [{ referrer: 'https://www.facebook.com/', query: '' }, 4],
    [{ query: newsletter }, 7],
    ...blogs.map(
      (domain, rank) =>
        [{ referrer: `https://${domain}/`, query: 'utm_medium=affiliate' }, 3 / (rank + 1)] as const,
    ),
  ])
}
