import { describe, expect, test } from 'vitest'
import { parseAttribute } from '../src/parameters/attributes.js'
import { parseSearchText, wordsOf } from '../src/parameters/search-text.js'
import { appOf, ask, type ProblemBody } from './support/app.js'

const app = appOf()

describe('a bad filter is named:', () => {
  test.each([
    ['min_response_time', '-1'],
    ['min_response_time', '1e3'],
    ['max_cart_size', 'many'],
    ['max_network_latency', ''],
    ['port', '0'],
    ['port', '65536'],
    ['port', '80,'],
    ['attribute', ':value'],
    ['attribute', 'a:b,,c'],
    ['host', ','],
    ['session', 'a'.repeat(201)],
    ['device', Array.from({ length: 21 }, (_, index) => `d${index}`).join(',')],
    ['q', '%%% -- ""'],
    ['q', Array.from({ length: 21 }, (_, index) => `w${index}`).join(' ')],
    ['contains', ''],
    ['contains', 'a'.repeat(201)],
  ])('%s=%j', async (parameter, value) => {
    const { status, body } = await ask<ProblemBody>(app, '/v1/logs', { [parameter]: value })
    expect([status, body.errors?.map((error) => error.parameter)]).toEqual([400, [parameter]])
  })

  test('bounds that leave nothing', async () => {
    const { status, body } = await ask<ProblemBody>(app, '/v1/logs', {
      min_cart_size: '5',
      max_cart_size: '4',
    })
    expect([status, body.errors]).toEqual([
      400,
      [{ parameter: 'min_cart_size', message: 'must not lie above max_cart_size' }],
    ])
  })
})

test.each([
  ['key:value', { key: 'key', value: 'value' }],
  ['key', { key: 'key' }],
  ['key:', { key: 'key', value: '' }],
  ['url:http://x', { key: 'url', value: 'http://x' }],
  [String.raw`a\:b:c\:d`, { key: 'a:b', value: String.raw`c\:d` }],
])('the attribute %s', (given, expected) => {
  expect(parseAttribute(given)).toEqual(expected)
})

test.each([
  ['Payment "Connection Refused"', ['payment', 'connection', 'refused'], ['Connection Refused']],
  ['"a b" "c" a', ['a', 'b', 'c'], ['a b', 'c']],
  ['never "closed', ['never', 'closed'], []],
  ['"" x', ['x'], []],
])('the search %s has words and phrases', (given, words, phrases) => {
  expect(parseSearchText(given)).toEqual({ words, phrases })
})

test('words are runs of letters and digits, of all scripts', () => {
  expect(wordsOf('View_page ünï/80É-a.b:c 1.5')).toEqual([
    'view',
    'page',
    'ünï',
    '80é',
    'a',
    'b',
    'c',
    '1',
    '5',
  ])
})
