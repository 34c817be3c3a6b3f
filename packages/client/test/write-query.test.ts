import { expect, test } from 'vitest'
import { writeQuery } from '../src/write-query.js'

test('lists are separated by commas, and commas within values are escaped', () => {
  expect(writeQuery({ service: ['cart', 'auth'], endpoint: ['/a,b'], q: 'a&b=c', limit: 5 })).toBe(
    'service=cart%2Cauth&endpoint=%2Fa%5C%2Cb&q=a%26b%3Dc&limit=5',
  )
})

test('what is not given is not asked', () => {
  expect(writeQuery({ from: undefined, to: null, limit: 0 })).toBe('limit=0')
})
