import { describe, expect, test } from 'vitest'
import {
  levelList,
  methodList,
  networkList,
  splitList,
  statusCodesOf,
  textList,
} from '../src/parameters/lists.js'

const texts = textList({ description: 'Words.', example: 'a,b' })

describe('a list', () => {
  test.each([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [String.raw`a\,b,c`, ['a,b', 'c']],
    ['a b,c', ['a b', 'c']],
  ])('%s has the values %j', (given, values) => {
    expect(splitList(given)).toEqual(values)
    expect(texts.parse(given)).toEqual(values)
  })

  test('has no empty values, and not too many or too long ones', () => {
    for (const bad of [
      ',',
      'a,',
      'a,,b',
      '',
      Array(21).fill('a').join(','),
      'a'.repeat(201),
      'a\0',
      ['a', 'b'],
    ]) {
      expect(texts.safeParse(bad).success).toBe(false)
    }
  })
})

test('levels and methods are taken in any capitals', () => {
  expect(levelList.parse('error,Warn')).toEqual(['ERROR', 'WARN'])
  expect(methodList.parse('get,POST')).toEqual(['GET', 'POST'])
  expect(levelList.safeParse('FATAL').success).toBe(false)
})

test('networks become what is stored of them', () => {
  const networks = networkList({ description: 'Networks.', example: '203.0.113.0/24' })
  expect(networks.parse('203.0.113.7/24,2001:DB8::/48')).toEqual(['203.0.113.0/24', '2001:db8:0::/48'])
  for (const bad of ['foo', '203.0.113.7', '203.0.113.0/16', '2001:db8::/24', '203.0.113.0/24/24', '/24', ''])
    expect(networks.safeParse(bad).success).toBe(false)
})

test('a class of statuses stands for its hundred codes', () => {
  expect(statusCodesOf('404')).toEqual([404])
  const codes = statusCodesOf('5xx')
  expect([codes[0], codes.at(-1), codes.length]).toEqual([500, 599, 100])
})
