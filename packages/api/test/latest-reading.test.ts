import { expect, test } from 'vitest'
import { latestReading } from '../src/metrics/latest-reading.js'

/** A reading whose answers are given by hand, and whose clock stands until it is moved. */
function byHand(waitMs: number) {
  const answers: { resolve: (value: string) => void; reject: (error: Error) => void }[] = []
  const failures: unknown[] = []
  const clock = { nowMs: 1_000 }
  const ask = latestReading(
    async () => await new Promise<string>((resolve, reject) => answers.push({ resolve, reject })),
    {
      ageMinMs: 60_000,
      restFactor: 20,
      waitMs,
      nowMs: () => clock.nowMs,
      failed: (error) => failures.push(error),
    },
  )
  return { answers, failures, clock, ask }
}

test('is read once for all who ask, and again when it is old', async () => {
  const { answers, clock, ask } = byHand(60_000)
  const [first, second] = [ask(), ask()]
  answers[0]?.resolve('a')
  expect([await first, await second, await ask()]).toEqual(
    Array.from({ length: 3 }, () => ({ value: 'a', atMs: 1_000, tookMs: 0 })),
  )
  expect(answers).toHaveLength(1)
  clock.nowMs += 60_000
  const third = ask()
  answers[1]?.resolve('b')
  expect((await third)?.value).toBe('b')
})

test('what takes long is read less often', async () => {
  const { answers, clock, ask } = byHand(60_000)
  const first = ask()
  clock.nowMs += 10_000
  answers[0]?.resolve('slow')
  expect((await first)?.tookMs).toBe(10_000)
  clock.nowMs = 1_000 + 199_999
  expect((await ask())?.value).toBe('slow')
  expect(answers).toHaveLength(1)
  clock.nowMs += 1
  const second = ask()
  answers[1]?.resolve('again')
  expect((await second)?.value).toBe('again')
})

test('nobody waits longer than they may: they get the one before, or none', async () => {
  const { answers, clock, ask } = byHand(1)
  expect(await ask()).toBeUndefined()
  answers[0]?.resolve('a')
  expect((await ask())?.value).toBe('a')
  clock.nowMs += 60_000
  expect((await ask())?.value).toBe('a')
  expect(answers).toHaveLength(2)
})

test('a failure hides what was known before, and is told', async () => {
  const { answers, failures, clock, ask } = byHand(60_000)
  const first = ask()
  answers[0]?.resolve('a')
  await first
  clock.nowMs += 60_000
  const second = ask()
  answers[1]?.reject(new Error('gone'))
  expect(await second).toEqual({ value: undefined, atMs: 61_000, tookMs: 0 })
  expect(failures).toEqual([new Error('gone')])
})
