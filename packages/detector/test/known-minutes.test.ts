import { expect, test } from 'vitest'
import { knownMinutes } from '../src/minutes/known-minutes.js'
import type { Minute } from '../src/minutes/minute.js'

const minute = (seconds: number, value: number): Minute => ({
  seconds,
  samples: [{ metric: 'events', service: '', endpoint: '', value, of: 0 }],
  logins: [],
  busy: [],
  divided: [],
  admins: [],
})

async function* of(values: readonly number[]): AsyncGenerator<Minute> {
  for (const [i, value] of values.entries()) yield await Promise.resolve(minute(i * 60, value))
}

async function known(values: readonly number[], lateBefore: number): Promise<boolean[]> {
  const minutes: Minute[] = []
  for await (const one of knownMinutes(of(values), lateBefore)) minutes.push(one)
  expect(minutes.map(({ seconds }) => seconds)).toEqual(values.map((_, i) => i * 60))
  return minutes.map(({ samples }) => samples.length > 0)
}

test('silence while the detector was away, and what it cut short, is not judged', async () => {
  expect(await known([9, 9, 4, 0, 0, 5, 9], 600)).toEqual([true, true, false, false, false, false, true])
})

test('silence that the detector saw is', async () => {
  expect(await known([9, 9, 4, 0, 0, 5, 9], 0)).toEqual([true, true, true, true, true, true, true])
})
