import { describe, expect, test } from 'vitest'
import { faultKinds, noFaults } from './faults.js'
import { mutants } from './mutants.js'
import { runSchedule } from './run-schedule.js'
import { asItIs } from './variants.js'

const schedules = 100_000
/** Seconds of one core. */
const cpuSecondsMax = 60
/** A bug that is not found by then counts as not found. */
const mutantSchedules = 50_000

/** What a seed's schedule was, event by event. */
function traceOf(seed: number): string {
  const trace: string[] = []
  runSchedule(seed, asItIs, noFaults(), trace)
  return trace.join('\n')
}

test(
  `${schedules} schedules of faults end with every chunk everywhere once`,
  { timeout: 10 * 60_000 },
  () => {
    const counts = noFaults()
    const before = process.cpuUsage()
    for (let seed = 1; seed <= schedules; seed += 1) {
      const fault = runSchedule(seed, asItIs, counts)
      if (fault !== undefined) throw new Error(`seed ${seed}: ${fault}\n${traceOf(seed)}`)
    }
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(cpuSecondsMax)
    for (const kind of faultKinds) expect(counts[kind], kind).toBeGreaterThan(schedules / 100)
  },
)

test('a seed gives the same schedule each time', () => {
  expect(traceOf(7)).toBe(traceOf(7))
  expect(traceOf(7)).not.toBe(traceOf(8))
})

describe('the simulation finds', () => {
  test.each(Object.entries(mutants))('%s', { timeout: 60_000 }, (_, mutant) => {
    const counts = noFaults()
    for (let seed = 1; seed <= mutantSchedules; seed += 1)
      if (runSchedule(seed, mutant, counts) !== undefined) return
    expect.unreachable(`not found in ${mutantSchedules} schedules`)
  })
})
