import type { Faker } from '@faker-js/faker'
import { jsonFragment } from './fragment.js'
import { Weighted } from './weighted.js'

/** Something that the shop sells. */
export interface Product {
  /** Path of its page: `/products/123`. */
  url: string
  id: string
  /** Its id as a piece of JSON. */
  fragment: string
}

/** What visitors look at and look for, drawn by how popular it is. */
export interface Assortment {
  products: Weighted<Product>
  /** Names of departments as they stand in a query string. */
  categories: Weighted<string>
  /** What people type into the search box, encoded for a query string. */
  searchTerms: Weighted<string>
}

const productsCount = 2_000
const termsCount = 300

/** Makes the assortment. */
export function createAssortment(faker: Faker): Assortment {
  const categories = faker.helpers.uniqueArray(() => faker.commerce.department().toLowerCase(), 14)
  const terms = faker.helpers.uniqueArray(() => searchTerm(faker), termsCount)
  const products = faker.helpers.shuffle(Array.from({ length: productsCount }, (_, index) => index + 100))
  return {
    categories: byRank(categories, 0.6),
    searchTerms: byRank(terms, 0.9),
    products: byRank(
      products.map((number) => {
        const id = `prod_${number}`
        return { url: `/products/${number}`, id, fragment: jsonFragment({ product_id: id }) }
      }),
      0.8,
    ),
  }
}

/** Popularity falls with the rank, as in Zipf's law. */
function byRank<T>(values: readonly T[], exponent: number): Weighted<T> {
  return new Weighted(values.map((value, rank) => [value, (rank + 3) ** -exponent] as const))
}

function searchTerm(faker: Faker): string {
  const noun = faker.commerce.product().toLowerCase()
  const words = faker.datatype.boolean() ? noun : `${faker.commerce.productMaterial().toLowerCase()} ${noun}`
  return encodeURIComponent(words).replaceAll('%20', '+')
}
