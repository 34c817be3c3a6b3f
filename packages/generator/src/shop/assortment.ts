import type { Faker } from '@faker-js/faker'
import { jsonFragment } from '../lines/fragment.js'
import { inOnePiece } from '../lines/in-one-piece.js'
import { Weighted } from '../draw/weighted.js'

/** Something that the shop sells. */
export interface Product {
  id: string
  page: string
  reviews: string
  stock: string
  /** Where administrators change it. */
  admin: string
  /** Its id as a piece of JSON. */
  fragment: string
}

/** A department of the shop. */
export interface Category {
  page: string
  promotions: string
}

/** What people type into the search box. */
export interface SearchTerm {
  results: string
  suggestions: string
}

/** What visitors look at and look for, drawn by how popular it is. */
export interface Assortment {
  /** In the order of their numbers. */
  list: readonly Product[]
  products: Weighted<Product>
  categories: Weighted<Category>
  searchTerms: Weighted<SearchTerm>
}

const productsCount = 2_000
const termsCount = 300

/** Makes the assortment. */
export function createAssortment(faker: Faker): Assortment {
  const categories = faker.helpers.uniqueArray(() => faker.commerce.department().toLowerCase(), 14)
  const terms = faker.helpers.uniqueArray(() => wordsToSearch(faker), termsCount)
  const numbers = Array.from({ length: productsCount }, (_, index) => index + 100)
  const list = numbers.map(product)
  const products = faker.helpers.shuffle(list)
  return {
    list,
    categories: byRank(categories.map(category), 0.6),
    searchTerms: byRank(terms.map(searchTerm), 0.9),
    products: byRank(products, 0.8),
  }
}

function product(number: number): Product {
  const id = `prod_${number}`
  const path = `/products/${number}`
  return {
    id,
    page: inOnePiece(path),
    reviews: inOnePiece(`/api${path}/reviews`),
    stock: inOnePiece(`/api${path}/stock`),
    admin: inOnePiece(`/admin${path}`),
    fragment: inOnePiece(jsonFragment({ product_id: id })),
  }
}

function category(name: string): Category {
  return {
    page: inOnePiece(`/products?category=${name}`),
    promotions: inOnePiece(`/api/promotions?category=${name}`),
  }
}

function searchTerm(words: string): SearchTerm {
  return {
    results: inOnePiece(`/search?q=${words}`),
    suggestions: inOnePiece(`/api/suggestions?q=${words}`),
  }
}

/** Popularity falls with the rank, as in Zipf's law. */
function byRank<T>(values: readonly T[], exponent: number): Weighted<T> {
  return new Weighted(values.map((value, rank) => [value, (rank + 3) ** -exponent] as const))
}

function wordsToSearch(faker: Faker): string {
  const noun = faker.commerce.product().toLowerCase()
  const words = faker.datatype.boolean() ? noun : `${faker.commerce.productMaterial().toLowerCase()} ${noun}`
  return encodeURIComponent(words).replaceAll('%20', '+')
}
