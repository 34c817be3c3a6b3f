import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { noFaults } from './faults.js'
import { runSchedule } from './run-schedule.js'
import { asItIs } from './variants.js'

test('x', () => {
  const counts = noFaults()
  const t0 = performance.now()
  const N = 3000
  for (let seed = 1; seed <= N; seed++) {
    const fault = runSchedule(seed, asItIs, counts)
    if (fault !== undefined) {
      const trace: string[] = []
      runSchedule(seed, asItIs, noFaults(), trace)
      throw new Error(`seed ${seed}: ${fault}\n` + (writeFileSync('/tmp/s7/x/trace', trace.join('\n')), ''))
    }
  }
  const ms = performance.now() - t0
  console.log((ms * 1000) / N, 'us', counts)
  expect(1).toBe(1)
})
