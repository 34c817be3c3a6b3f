import { expect, test } from 'vitest'
import { Scale } from '../src/series/scale.js'
import { Tail } from '../src/series/tail.js'
import { seededRandom } from './random.js'

test('a score is the number of zeros of the probability, also beyond what was seen', () => {
  const random = seededRandom(1)
  const tail = new Tail()
  // An exponential distribution: its probabilities are known.
  const draw = (): number => -Math.log(1 - random())
  for (let i = 0; i < 50_000; i += 1) tail.score(draw())
  for (const probability of [0.5, 0.1, 0.03, 0.01, 0.001, 1e-5])
    expect(new Tail(structuredClone(tail.state)).score(-Math.log(probability))).toBeCloseTo(
      -Math.log10(probability),
      0.4,
    )
  expect(new Tail(structuredClone(tail.state)).score(1e9)).toBe(12)
})

test('nothing is judged before there is a past, and what never changes is no news', () => {
  const tail = new Tail()
  for (let i = 0; i < 100; i += 1) expect(tail.score(i * 1_000)).toBe(0)
  const still = new Tail()
  for (let i = 0; i < 500; i += 1) expect(still.score(0)).toBe(0)
  expect(still.score(0.001)).toBe(12)
})

test.each([10, 500, 5_000])('the scale of a window of %d rows is that of its rows', (windowRows) => {
  const random = seededRandom(windowRows)
  const scale = new Scale(windowRows)
  const deviations: number[] = []
  for (let i = 0; i < 12_000; i += 1) {
    // Sometimes nothing, and twice a jump over many orders of magnitude.
    const deviation = random() < 0.2 ? 0 : random() * (i > 9_000 ? 1e12 : i > 6_000 ? 1e4 : 1)
    deviations.push(deviation)
    scale.add(deviation)
    if (i % 97 !== 96 || i < 100) continue
    const every = Math.max(1, Math.ceil(windowRows / 720))
    const kept = deviations
      .filter((_, at) => at % every === 0)
      .slice(-Math.ceil(windowRows / every))
      .toSorted((a, b) => a - b)
    const median = kept[Math.floor((kept.length - 1) / 2)] ?? 0
    const mean = kept.reduce((sum, one) => sum + one, 0) / kept.length
    const expected = Math.max(1.4826 * median, 0.25 * mean)
    expect(scale.value).toBeGreaterThan(expected * 0.93)
    expect(scale.value).toBeLessThan(expected * 1.07)
  }
})
